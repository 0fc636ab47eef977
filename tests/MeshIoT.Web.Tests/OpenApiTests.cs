using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Tests;
using MeshIoT.Web.Routing;
using Xunit;

namespace MeshIoT.Web.Tests;

public class OpenApiTests
{
    static GatewayApi Api() => new(() => "greenhouse", new Sampler(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10)), new ManualTime());

    static async Task<JsonElement> DocumentAsync()
    {
        await using Loopback server = new(Api().HandleAsync);
        return JsonDocument.Parse(await server.Http.GetByteArrayAsync("/api/v1/openapi.json")).RootElement;
    }

    [Fact]
    public async Task Every_operation_is_in_it_once_with_what_it_answers()
    {
        JsonElement document = await DocumentAsync();
        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        HashSet<string> names = [];
        foreach (WebRoute route in Api().Operations.Where(r => r.Operation.Length > 0))
        {
            JsonElement operation = document.GetProperty("paths").GetProperty(route.Path).GetProperty(route.Method.ToLowerInvariant());
            Assert.True(names.Add(operation.GetProperty("operationId").GetString()!));
            Assert.EndsWith(".", operation.GetProperty("summary").GetString(), StringComparison.Ordinal);
            Assert.NotEmpty(operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject());
        }

        Assert.Contains("watch", names);
        Assert.Contains("getStatus", names);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_field_is_described()
    {
        JsonElement document = await DocumentAsync();
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        int references = 0;
        Walk(document);
        Assert.True(references > 5);
        foreach (JsonProperty schema in schemas.EnumerateObject())
        {
            foreach (JsonProperty field in schema.Value.GetProperty("properties").EnumerateObject())
            {
                Assert.EndsWith(".", field.Value.GetProperty("description").GetString(), StringComparison.Ordinal);
            }
        }

        void Walk(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (property.Name == "$ref")
                    {
                        references++;
                        Assert.True(schemas.TryGetProperty(property.Value.GetString()!.Split('/')[^1], out _));
                    }

                    Walk(property.Value);
                }
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item);
                }
            }
        }
    }

    [Fact]
    public async Task What_is_answered_has_only_fields_that_the_document_knows()
    {
        await using Loopback server = new(Api().HandleAsync);
        JsonElement schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        foreach ((string path, string schema) in ((string, string)[])[("/api/v1/status", "GatewayStatus"), ("/api/v1/sensors", "SensorList"), ("/api/v1/sensors/sim.air_humidity", "Sensor")])
        {
            JsonElement answer = JsonDocument.Parse(await server.Http.GetByteArrayAsync(path)).RootElement;
            HashSet<string> known = [.. schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(p => p.Name)];
            Assert.All(answer.EnumerateObject(), field => Assert.Contains(field.Name, known));
            if (schemas.GetProperty(schema).TryGetProperty("required", out JsonElement required))
            {
                Assert.All(required.EnumerateArray(), field => Assert.True(answer.TryGetProperty(field.GetString()!, out _)));
            }
        }
    }

    [Theory]
    [InlineData("5m")]
    [InlineData("31d")]
    [InlineData("-1h")]
    [InlineData("1e9d")]
    [InlineData("")]
    public async Task A_parameter_that_cannot_be_right_is_named(string recent)
    {
        await using Loopback server = new(Api().HandleAsync);
        using HttpResponseMessage answer = await server.Http.GetAsync("/api/v1/sensors?recent=" + recent);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("recent", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
