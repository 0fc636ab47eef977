using System;
using System.Text.Json;
using CsCheck;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.LocalApi.Tests;

public class WireTests
{
    [Fact]
    public void Names_are_camel_case_and_what_is_absent_is_left_out()
    {
        string json = JsonSerializer.Serialize(
            new StatusDto { BackendState = "Running", Version = "1", Tun = "kernel" }, LocalApiJson.Default.StatusDto);
        Assert.Contains("\"backendState\":\"Running\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("loginServer", json, StringComparison.Ordinal);
        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensor_survives_the_wire_unchanged()
    {
        Gen.Select(Gen.Double[-1e9, 1e9], Gen.Bool, Gen.String[Gen.Char.AlphaNumeric, 0, 20]).Sample((value, simulated, name) =>
        {
            SensorDto sent = new()
            {
                Id = "w1.28", Name = name, Kind = "w1", Quantity = "temperature", Unit = "°C", Value = value, Simulated = simulated,
                Quality = "good", Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
            };
            byte[] wire = JsonSerializer.SerializeToUtf8Bytes(sent, GatewayJson.Default.SensorDto);
            return JsonSerializer.Deserialize(wire, GatewayJson.Default.SensorDto) == sent;
        }, iter: 500);
    }

    [Theory]
    [InlineData(ExitCodes.Usage)]
    [InlineData(ExitCodes.Refused)]
    [InlineData(ExitCodes.NotFound)]
    [InlineData(ExitCodes.TimedOut)]
    [InlineData(ExitCodes.Unreachable)]
    [InlineData(ExitCodes.Failed)]
    public void A_fault_keeps_its_exit_code_across_http(int exitCode) =>
        Assert.Equal(exitCode, ProblemDto.ExitCodeFor(ProblemDto.StatusFor(exitCode)));

    [Fact]
    public void A_problem_has_the_five_members_of_RFC_9457_and_the_catalogues_three()
    {
        ProblemDto problem = ProblemDto.From(Faults.NoSuchNode.With("mars"), 404);
        Assert.EndsWith(":no-such-node", problem.Type, StringComparison.Ordinal);
        Assert.Equal((404, problem.Title, problem.Detail), (problem.Status, problem.Message, problem.Next));
        Assert.Equal("no-such-node", problem.Code);
    }

    [Fact]
    public void A_request_that_carries_a_key_never_prints_it()
    {
        UpRequestDto request = new() { LoginServer = "http://127.0.0.1", AuthKey = "very-secret", ServerKeyPin = "0123456789ABCDEF" };
        Assert.DoesNotContain("very-secret", request.ToString(), StringComparison.Ordinal);
        Assert.Contains("[redacted]", request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bent_json_is_refused_as_json_and_as_nothing_else()
    {
        byte[] good = """{"gateways":[{"gateway":"g","address":"100.64.0.1","path":"direct","rxBytes":1,"txBytes":2,"sensors":[]}]}"""u8.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample((i, a, j, b) =>
        {
            byte[] bent = (byte[])good.Clone();
            (bent[i], bent[j]) = (a, b);
            try
            {
                JsonSerializer.Deserialize(bent, GatewayJson.Default.SensorsDto);
            }
            catch (JsonException)
            {
                // The refusal that the client turns into a fault.
            }
        }, iter: 5000);
    }
}
