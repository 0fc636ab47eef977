using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot output: relays and dimmers of this gateway.</summary>
internal static class OutputCommand
{
    static readonly Argument<string> Id = new("id") { Description = "The output, as its entry is called." };

    static readonly Argument<string> Value = new("value") { Description = "on, off, or a number." };

    static readonly Option<string?> For = new("--for") { Description = "Back to its safe value after this time: 30s, 10m, 2h.", HelpName = "TIME" };

    public static Command Build() => new("output", "Relays, lamps, valves and dimmers of this gateway.")
    {
        new Command("list",
            """
            List the outputs of this gateway: what they are set to, since when, by whom, and when that ends.

            Examples:
              meshiot output list
              meshiot output list --json | jq -r '.outputs[] | select(.value == 1).id'
            """) { Shared.Socket }.Runs(ListAsync),
        new Command("set",
            """
            Set an output. It stays so until the next command, or as long as --for or its entry's max_on says; then it goes back to its
            entry's fail_safe.

            Examples:
              meshiot output set pump on --for 10m
              meshiot output set fan 40
            """) { Id, Value, For, Shared.Socket }.Runs(SetAsync),
    };

    static async Task<int> ListAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        OutputsDto answer = await agent.GetAsync("localapi/v0/outputs", GatewayJson.Default.OutputsDto, ct);
        Print(parsed, answer.Outputs);
        return ExitCodes.Done;
    }

    static async Task<int> SetAsync(ParseResult parsed, CancellationToken ct)
    {
        string id = parsed.GetRequiredValue(Id);
        SetOutputDto body = new()
        {
            Value = parsed.GetRequiredValue(Value),
            ForSeconds = parsed.GetValue(For) is { } text ? Durations.Parse(text, "--for").TotalSeconds : null,
        };
        using UnixHttpClient agent = Shared.Agent(parsed);
        OutputsDto answer = await agent.PostAsync(
            "localapi/v0/outputs/" + Uri.EscapeDataString(id), body, GatewayJson.Default.SetOutputDto, GatewayJson.Default.OutputsDto, ct);
        Print(parsed, [.. answer.Outputs.Where(o => o.Id == id)]);
        return ExitCodes.Done;
    }

    static void Print(ParseResult parsed, IReadOnlyList<OutputDto> outputs)
    {
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new OutputsDto(outputs), CliJson.Default.OutputsDto));
            return;
        }

        Columns columns = new();
        columns.Add("Output", "Value", "For", "By", "Ends in", "Name");
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (OutputDto o in outputs)
        {
            columns.Add(o.Id, Text(o), o.Time is { } time ? Words.Age(now - time) : "-", o.Who.Length > 0 ? Words.Cell(o.Who) : "-",
                o.Until is { } until ? Words.Age(until > now ? until - now : TimeSpan.Zero) : "-", Words.Cell(o.Name));
        }

        columns.Write(Console.Out);
        foreach (OutputDto o in outputs.Where(o => o.Error is not null))
        {
            Console.Error.WriteLine($"meshiot: {o.Error!.Code}: {o.Error.Message}");
        }
    }

    static string Text(OutputDto o) => o.Value is not { } value ? "unknown"
        : o.Type == "switch" ? value != 0 ? "on" : "off"
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {o.Unit}").TrimEnd();
}
