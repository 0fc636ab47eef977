using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, written from the routes and the bodies' own contracts: it cannot say anything else than what is served. It is written
/// when it is asked for, and not kept. https://spec.openapis.org/oas/v3.1.1.html
/// </summary>
internal static class OpenApiDocument
{
    public const string Path = "/api/v1/openapi.json";

    /// <summary>The operation that serves the document of <paramref name="routes"/>, itself among them.</summary>
    public static WebRoute Route(Func<IEnumerable<WebRoute>> routes, string version) =>
        new("GET", Path, "getOpenApi", "This document.", call => new(new HttpResponse(200, "application/json", Write(routes(), version)))) { ContentType = "application/json" };

    /// <summary>The document as UTF-8 JSON.</summary>
    public static byte[] Write(IEnumerable<WebRoute> routes, string version)
    {
        ArrayBufferWriter<byte> buffer = new(16 * 1024);
        using (Utf8JsonWriter to = new(buffer))
        {
            SchemaWriter schemas = new(to);
            to.WriteStartObject();
            to.WriteString("openapi", "3.1.1");
            to.WriteStartObject("info");
            to.WriteString("title", "MeshIoT gateway");
            to.WriteString("version", version);
            to.WriteString("description", "Sensors of a gateway. Whom the tailnet's policy lets reach port 80 may read. Errors are problem+json with code, message and next.");
            to.WriteEndObject();
            to.WriteStartArray("servers");
            to.WriteStartObject();
            to.WriteString("url", "/");
            to.WriteEndObject();
            to.WriteEndArray();
            to.WriteStartObject("paths");
            foreach (IGrouping<string, WebRoute> path in routes.Where(static route => route.Operation.Length > 0).GroupBy(static route => route.Path, StringComparer.Ordinal))
            {
                to.WriteStartObject(path.Key);
                foreach (WebRoute route in path)
                {
                    WriteOperation(to, route, schemas);
                }

                to.WriteEndObject();
            }

            to.WriteEndObject();
            to.WriteStartObject("components");
            schemas.Want(LocalApiJson.Default.ProblemDto);
            schemas.Want(GatewayJson.Default.HealthDto);
            to.WriteStartObject("schemas");
            schemas.WriteAll();
            to.WriteEndObject();
            to.WriteEndObject();
            to.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteOperation(Utf8JsonWriter to, WebRoute route, SchemaWriter schemas)
    {
        to.WriteStartObject(route.Method.ToLowerInvariant());
        to.WriteString("operationId", route.Operation);
        to.WriteString("summary", route.Summary);
        if (route.Description.Length > 0)
        {
            to.WriteString("description", route.Description);
        }

        string[] segments = [.. route.Path.Split('/').Where(static segment => segment.StartsWith('{'))];
        if (segments.Length + route.Query.Count > 0)
        {
            to.WriteStartArray("parameters");
            foreach (string segment in segments)
            {
                WriteParameter(to, segment[1..^1], "path", "string", FieldNotes.Parameters[segment[1..^1]]);
            }

            foreach (WebParameter query in route.Query)
            {
                WriteParameter(to, query.Name, "query", query.Type, query.Description);
            }

            to.WriteEndArray();
        }

        if (route.Request is { } body)
        {
            to.WriteStartObject("requestBody");
            to.WriteBoolean("required", true);
            WriteContent(to, "application/json", body, schemas);
            to.WriteEndObject();
        }

        to.WriteStartObject("responses");
        to.WriteStartObject("200");
        to.WriteString("description", "The answer.");
        WriteContent(to, route.Response is null ? route.ContentType : "application/json", route.Response, schemas);
        to.WriteEndObject();
        foreach (int status in route.Problems.Order())
        {
            to.WriteStartObject(status.ToString(CultureInfo.InvariantCulture));
            to.WriteString("description", FieldNotes.Statuses[status]);
            WriteContent(to, "application/problem+json", LocalApiJson.Default.ProblemDto, schemas);
            to.WriteEndObject();
        }

        to.WriteEndObject();
        to.WriteEndObject();
    }

    static void WriteParameter(Utf8JsonWriter to, string name, string place, string type, string description)
    {
        to.WriteStartObject();
        to.WriteString("name", name);
        to.WriteString("in", place);
        to.WriteBoolean("required", place == "path");
        to.WriteString("description", description);
        to.WriteStartObject("schema");
        to.WriteString("type", type);
        to.WriteEndObject();
        to.WriteEndObject();
    }

    static void WriteContent(Utf8JsonWriter to, string contentType, JsonTypeInfo? type, SchemaWriter schemas)
    {
        to.WriteStartObject("content");
        to.WriteStartObject(contentType);
        if (type is not null)
        {
            to.WriteStartObject("schema");
            schemas.Refer(type);
            to.WriteEndObject();
        }

        to.WriteEndObject();
        to.WriteEndObject();
    }
}
