using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.LocalApi;

namespace MeshIoT.Coordinator;

/// <summary>
/// The OpenAPI 3.1 document, made from the route table and the bodies' own contracts: it cannot say anything else than what is served.
/// https://spec.openapis.org/oas/v3.1.1.html
/// </summary>
internal static class OpenApiDocument
{
    public const string Path = AdminApi.Prefix + "openapi.json";

    static readonly JsonTypeInfo Problem = LocalApiJson.Default.ProblemDto;

    /// <summary>The document as UTF-8 JSON.</summary>
    public static byte[] Write(IEnumerable<AdminRoute> routes)
    {
        ImmutableArray<AdminRoute> all = [.. routes];
        SchemaWriter schemas = new();
        JsonObject paths = [];
        foreach (IGrouping<string, AdminRoute> path in all.GroupBy(r => r.Path))
        {
            JsonObject item = [];
            foreach (AdminRoute route in path)
            {
                item[route.Method.ToLowerInvariant()] = Operation(route, schemas);
            }

            paths[path.Key] = item;
        }

        schemas.Reference(Problem);
        JsonObject document = new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "MeshIoT coordinator",
                ["version"] = "1",
                ["description"] = "Administration of a tailnet. On the local Unix socket no token is needed. Errors are problem+json with code, message and next.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API token, made with: meshiot token create. Scopes: " + string.Join(", ", Scopes.Known) + "." },
                },
                ["schemas"] = schemas.Take(),
            },
        };
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    static JsonObject Operation(AdminRoute route, SchemaWriter schemas)
    {
        JsonObject operation = new()
        {
            ["operationId"] = route.Operation,
            ["summary"] = route.Summary,
            ["description"] = route.Access switch { { IsPublic: true } => "No token is needed.", { Scope: { } scope } => $"Needs the scope {scope}.", _ => "Any token will do." },
            ["tags"] = new JsonArray(TagOf(route.Path)),
        };
        if (route.Access.IsPublic)
        {
            operation["security"] = new JsonArray();
        }
        else if (route.Access.Scope is { } needed)
        {
            operation["x-scope"] = needed;
        }

        JsonArray parameters = Parameters(route);
        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (route.Request is { } request)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", schemas.Reference(request), route.RequestExample) };
        }

        operation["responses"] = Responses(route, schemas);
        return operation;
    }

    static JsonArray Parameters(AdminRoute route)
    {
        JsonArray parameters = [];
        foreach (string segment in route.Path.Split('/').Where(s => s.StartsWith('{')))
        {
            string name = segment[1..^1];
            parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true, ["description"] = SchemaNotes.Parameters[name], ["schema"] = new JsonObject { ["type"] = "string" } });
        }

        foreach (QueryParameter query in route.Query)
        {
            parameters.Add((JsonNode)new JsonObject { ["name"] = query.Name, ["in"] = "query", ["description"] = query.Description, ["schema"] = new JsonObject { ["type"] = query.Type } });
        }

        if (route.IfMatch)
        {
            parameters.Add((JsonNode)new JsonObject { ["name"] = "If-Match", ["in"] = "header", ["description"] = "The ETag of the version that the change starts from; without it the change is made over whatever there is.", ["schema"] = new JsonObject { ["type"] = "string" } });
        }

        return parameters;
    }

    static JsonObject Responses(AdminRoute route, SchemaWriter schemas)
    {
        JsonObject success = new() { ["description"] = route.Success == 204 ? "Done." : "The answer." };
        if (route.Response is { } response)
        {
            success["content"] = Content("application/json", schemas.Reference(response), route.ResponseExample);
        }
        else if (route.Success != 204)
        {
            success["content"] = Content(route.Path == Path ? "application/json" : "text/plain", new JsonObject(), null);
        }

        SortedDictionary<int, JsonNode> all = new() { [route.Success] = success };
        foreach (int status in StatusesOf(route))
        {
            all[status] = new JsonObject { ["description"] = SchemaNotes.Statuses[status], ["content"] = Content("application/problem+json", schemas.Reference(status == 422 ? AdminJson.Default.PolicyProblemDto : Problem), null) };
        }

        JsonObject responses = [];
        foreach ((int status, JsonNode text) in all)
        {
            responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = text;
        }

        return responses;
    }

    /// <summary>The error statuses of an operation.</summary>
    public static IEnumerable<int> StatusesOf(AdminRoute route)
    {
        IEnumerable<int> statuses = route.Problems;
        statuses = route.Access.IsPublic ? statuses : statuses.Concat([401, 403, 429]);
        statuses = route.Request is null ? statuses : statuses.Concat([400, 408, 413, 415]);
        statuses = route.Query.IsEmpty ? statuses : statuses.Append(400);
        statuses = route.Method == "GET" ? statuses : statuses.Append(503);
        return statuses.Distinct().Order();
    }

    static JsonObject Content(string type, JsonNode schema, string? example)
    {
        JsonObject content = new() { ["schema"] = schema };
        if (example is not null)
        {
            content["example"] = JsonNode.Parse(example);
        }

        return new JsonObject { [type] = content };
    }

    static string TagOf(string path) => path.StartsWith(AdminApi.Prefix, StringComparison.Ordinal) ? path[AdminApi.Prefix.Length..].Split('/')[0].Split('.')[0] : "server";
}
