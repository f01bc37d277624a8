# Varnish in front of the register: what everybody is answered is kept until something changes in it.
# Needs vmod xkey and vmod var (Debian: varnish-modules). See docs/deployment.md, "A shared cache".
vcl 4.1;

import std;
import var;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

# The machines of the register, which say what is to be forgotten.
acl register {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # A comma: it came by way of a proxy, which may well stand on one of these machines.
        if (client.ip !~ register || req.http.X-Forwarded-For ~ ",") {
            return (synth(403));
        }
        # First: an answer that is on its way now may be older than the change, and is not kept.
        var.global_set("forgotten", "" + std.time2real(now, 0.0));
        return (synth(200, "Forgotten: " + xkey.purge(req.http.Surrogate-Key)));
    }
    # Varnish has added who asks it, which is the proxy; whom that has seen is the reader, and is told to the register.
    if (req.http.X-Forwarded-For ~ ",") {
        set req.http.X-Forwarded-For = regsub(req.http.X-Forwarded-For, ",[^,]*$", "");
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Who is known reads what others do not, and reads at once what they wrote.
    if (req.http.Authorization || req.http.Cookie ~ "(^|; *)(__Host-)?sessionid=") {
        return (pass);
    }
    unset req.http.Cookie;
    # Each answer to a part of an answer would be made of the whole.
    if (req.http.Range) {
        return (pass);
    }
    return (hash);
}

sub vcl_backend_fetch {
    set bereq.http.X-Began = "" + std.time2real(now, 0.0);
}

sub vcl_backend_response {
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.http.Surrogate-Key) {
        set beresp.http.xkey = beresp.http.Surrogate-Key;
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^max-age=([0-9]+)$", "\1s"), 0s);
        if (std.real(var.global_get("forgotten"), 0.0) >= std.real(bereq.http.X-Began, 0.0)) {
            set beresp.ttl = 0s;
        }
        return (deliver);
    }
    # Files whose names hold their digest say themselves for how long they hold.
    if (bereq.url !~ "^/static/") {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
    }
    return (deliver);
}

sub vcl_deliver {
    # What is left was left to whoever was answered first.
    if (obj.hits > 0) {
        unset resp.http.RateLimit;
        unset resp.http.RateLimit-Policy;
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
    # Kept here, and nowhere else without asking: nobody can tell other caches of a change.
    unset resp.http.Age;
}
