"""Drafts of services from what other systems publish: OpenAPI documents, tools of MCP servers. Pure."""
