using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace MeshIoT.Coordinator.Tests;

/// <summary>One operation as the OpenAPI document tells of it.</summary>
internal sealed record AdminOperation(string Method, string Path, string? Scope, bool IsPublic, string? RequestSchema, JsonElement? RequestExample)
{
    public static IEnumerable<AdminOperation> ReadAll(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let body = operation.Value.TryGetProperty("requestBody", out JsonElement b) ? b.GetProperty("content").GetProperty("application/json") : (JsonElement?)null
        select new AdminOperation(
            operation.Name.ToUpperInvariant(), path.Name,
            operation.Value.TryGetProperty("x-scope", out JsonElement scope) ? scope.GetString() : null,
            operation.Value.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0,
            body?.GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1],
            body?.GetProperty("example"));
}
