using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Requests that nobody well-meaning sends: a clear no, naming the field, and the coordinator goes on.</summary>
public class AdminHostileTests
{
    [Fact]
    public async Task Every_field_of_every_request_may_be_anything_and_is_refused_by_its_name()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        JsonElement document = (await admin.GetAsync("/api/v1/openapi.json")).Json;
        int tried = 0;
        foreach (AdminOperation operation in AdminOperation.ReadAll(document).Where(o => o.RequestSchema is not null))
        {
            JsonElement schema = document.GetProperty("components").GetProperty("schemas").GetProperty(operation.RequestSchema!);
            string path = operation.Path.Replace("{node}", "n1", StringComparison.Ordinal).Replace("{user}", "u1", StringComparison.Ordinal);
            foreach (JsonProperty field in schema.GetProperty("properties").EnumerateObject())
            {
                foreach (string wrong in WrongValues(field.Value))
                {
                    JsonObject body = JsonNode.Parse(operation.RequestExample!.Value.GetRawText())!.AsObject();
                    body[field.Name] = "PLACE";
                    string text = body.ToJsonString().Replace("\"PLACE\"", wrong, StringComparison.Ordinal);
                    AdminAnswer answer = await admin.SendAsync(operation.Method, path, text);
                    Assert.True(answer.Status == 400 && answer.Message.Contains(field.Name, StringComparison.Ordinal), $"{operation.Method} {path} {text}: {answer.Text}");
                    tried++;
                }
            }

            foreach (string required in schema.TryGetProperty("required", out JsonElement list) ? list.EnumerateArray().Select(r => r.GetString()!) : [])
            {
                JsonObject body = JsonNode.Parse(operation.RequestExample!.Value.GetRawText())!.AsObject();
                body.Remove(required);
                Assert.Contains(required + " is missing", (await admin.SendAsync(operation.Method, path, body.ToJsonString())).Message, StringComparison.Ordinal);
                body[required] = null;
                Assert.Contains(required + " must not be null", (await admin.SendAsync(operation.Method, path, body.ToJsonString())).Message, StringComparison.Ordinal);
            }

            foreach (string bad in new[] { "", "null", "[]", "1", "\"x\"", "{", "{}x", "{\"a\":1,\"a\":1}", "{\"unknown\":1}", "// c\n{}", "\u0000", new string('[', 5000), "{\"a\":" + new string('{', 100) })
            {
                AdminAnswer answer = await admin.SendAsync(operation.Method, path, bad);
                Assert.True(answer.Status == 400 && answer.Code == "admin-request-invalid", $"{operation.Method} {path} {bad}: {answer.Text}");
            }

            Assert.Equal(415, (await admin.SendAsync(operation.Method, path, "{}", "text/plain")).Status);
            Assert.Equal(415, (await admin.SendAsync(operation.Method, path, "{}", "application/x-www-form-urlencoded")).Status);
            Assert.Equal(path.Contains("/policy", StringComparison.Ordinal) ? 400 : 413, (await admin.SendAsync(operation.Method, path, new string(' ', 100_000))).Status);
        }

        Assert.True(tried > 100, $"{tried} tried");
        Assert.Equal(200, (await admin.GetAsync("/api/v1/server")).Status);
    }

    static IEnumerable<string> WrongValues(JsonElement schema) => schema.GetProperty("type").GetString() switch
    {
        "boolean" => ["0", "\"true\"", "[]", "{}"],
        "integer" => ["\"1\"", "1.5", "1e40", "99999999999999999999", "true", "[1]"],
        "array" => ["\"x\"", "{}", "1", "[1]", "[null]", "[{}]", "[[]]", "[\"\"]", "[\"\\ud800\"]", Huge(200)],
        _ when schema.TryGetProperty("format", out _) => ["\"tomorrow\"", "\"\"", "5", "\"2026-13-45T00:00:00Z\"", "\"\\ud800\""],
        _ => ["1", "true", "[]", "{}", "\"\\ud800\""],
    };

    static string Huge(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"tag:t{i}\"")) + "]";

    [Theory]
    [InlineData("GET", "/api/v1/keys/", 404)]
    [InlineData("GET", "/api/v1//keys", 404)]
    [InlineData("GET", "/api/v1/KEYS", 404)]
    [InlineData("GET", "/api/v1/nodes/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("GET", "/api/v1/nodes/%00", 400)]
    [InlineData("GET", "/api/v1/nodes/n1%20", 404)]
    [InlineData("GET", "/api/v1/nodes/n99999999999999999999", 404)]
    [InlineData("GET", "/api/v1/nodes/n-1", 404)]
    [InlineData("GET", "/api/v1/nodes/{node}", 404)]
    [InlineData("POST", "/api/v1/nodes", 405)]
    [InlineData("DELETE", "/api/v1/keys", 405)]
    [InlineData("PUT", "/api/v1/nodes/n1", 405)]
    [InlineData("GET", "/api/v1/nodes/n1/approve", 405)]
    [InlineData("OPTIONS", "/api/v1/keys", 405)]
    [InlineData("TRACE", "/api/v1/keys", 405)]
    [InlineData("GET", "/../../api/v1/keys/../keys", 200)]
    public async Task Paths_and_methods_are_compared_exactly(string method, string path, int status)
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        AdminAnswer answer = await admin.SendAsync(method, path);
        Assert.Equal(status, answer.Status);
        if (status == 405)
        {
            Assert.Equal("admin-method-not-allowed", answer.Code);
        }
    }

    [Fact]
    public async Task A_method_in_a_header_changes_nothing()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        await admin.PostAsync("/api/v1/keys");
        await admin.SendAsync("GET", "/api/v1/keys/k1", header: ("X-HTTP-Method-Override", "DELETE"));
        await admin.SendAsync("GET", "/api/v1/keys/k1?_method=DELETE");
        Assert.Equal(200, (await admin.GetAsync("/api/v1/keys/k1")).Status);
    }

    [Fact]
    public async Task Every_answer_keeps_browsers_from_guessing_and_storing()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        foreach (string path in new[] { "/api/v1/keys", "/api/v1/nothing", "/api/v1/nodes/n7" })
        {
            AdminAnswer answer = await admin.GetAsync(path);
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }
}
