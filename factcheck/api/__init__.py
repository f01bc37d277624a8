"""The base of every REST route: viewsets, serializers, filters, pages, conditions and errors, whatever the noun."""
