using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The OpenAPI document says what is served: nothing more, nothing less.</summary>
public class AdminOpenApiTests
{
    [Fact]
    public async Task Every_route_and_method_of_the_code_is_in_the_document_and_the_other_way_round()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        JsonElement document = (await admin.GetAsync("/api/v1/openapi.json")).Json;
        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        HashSet<string> names = [];
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            string asked = path.Name.Replace("{", "no-", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            AdminAnswer wrong = await admin.SendAsync("TRACE", asked);
            Assert.Equal(405, wrong.Status);
            Assert.Contains(string.Join(", ", path.Value.EnumerateObject().Select(o => o.Name.ToUpperInvariant())), wrong["next"], StringComparison.Ordinal);
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.True(names.Add(operation.Value.GetProperty("operationId").GetString()!), "an operationId twice");
                if (operation.Name is "get" or "delete")
                {
                    int status = (await admin.SendAsync(operation.Name.ToUpperInvariant(), asked)).Status;
                    Assert.True(operation.Value.GetProperty("responses").TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out _), $"{operation.Name} {asked}: {status}");
                }
            }
        }
    }

    [Fact]
    public async Task Every_example_and_every_real_answer_is_valid_under_its_schema()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("greenhouse");
        using AdminClient admin = AdminClient.Local(coordinator);
        await admin.PostAsync("/api/v1/tokens", """{"scopes":["all"]}""");
        await admin.PostAsync("/api/v1/routes/approve", """{"node":"n1","prefix":"10.0.0.0/8"}""");
        JsonElement document = (await admin.GetAsync("/api/v1/openapi.json")).Json;
        SchemaCheck check = new(document);
        int examples = 0, answers = 0;
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                foreach (JsonElement content in Contents(operation.Value).Where(c => c.TryGetProperty("example", out _)))
                {
                    Assert.Null(check.WhatIsWrong(content.GetProperty("example"), content.GetProperty("schema")));
                    examples++;
                }

                string asked = path.Name.Replace("{node}", "n1", StringComparison.Ordinal).Replace("{user}", "u1", StringComparison.Ordinal).Replace("{key}", "k1", StringComparison.Ordinal).Replace("{token}", "t1", StringComparison.Ordinal);
                if (operation.Name == "get" && operation.Value.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("application/json", out JsonElement json) && json.TryGetProperty("example", out _))
                {
                    AdminAnswer answer = await admin.GetAsync(asked);
                    if (answer.Status == 200)
                    {
                        Assert.Null(check.WhatIsWrong(answer.Json, json.GetProperty("schema")));
                        answers++;
                    }
                }
            }
        }

        Assert.True(examples > 30 && answers > 8, $"{examples} examples, {answers} answers");
        AdminAnswer problem = await admin.GetAsync("/api/v1/nodes/n99");
        Assert.Null(check.WhatIsWrong(problem.Json, JsonDocument.Parse("""{"$ref":"#/components/schemas/Problem"}""").RootElement));
    }

    [Fact]
    public async Task Every_note_belongs_to_a_field_and_every_component_is_used()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        string text = (await admin.GetAsync("/api/v1/openapi.json")).Text;
        HashSet<string> fields = [];
        foreach (JsonProperty schema in JsonDocument.Parse(text).RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Assert.Contains($"\"#/components/schemas/{schema.Name}\"", text, StringComparison.Ordinal);
            fields.UnionWith(schema.Value.GetProperty("properties").EnumerateObject().Select(p => $"{schema.Name}.{p.Name}"));
        }

        Assert.Empty(SchemaNotes.Fields.Keys.Except(fields));
        Assert.Empty(SchemaNotes.Values.Keys.Except(fields));
    }

    static IEnumerable<JsonElement> Contents(JsonElement operation)
    {
        IEnumerable<JsonElement> holders = operation.GetProperty("responses").EnumerateObject().Select(r => r.Value);
        holders = operation.TryGetProperty("requestBody", out JsonElement body) ? holders.Append(body) : holders;
        return holders.Where(h => h.TryGetProperty("content", out _)).SelectMany(h => h.GetProperty("content").EnumerateObject()).Select(c => c.Value);
    }
}
