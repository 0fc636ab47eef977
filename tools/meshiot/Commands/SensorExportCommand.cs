using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor export: everything that was kept, for other programs.</summary>
internal static class SensorExportCommand
{
    static readonly Argument<string[]> Targets = new("sensor") { Description = "SENSOR (on every gateway that has it), or GATEWAY/SENSOR.", Arity = ArgumentArity.OneOrMore };

    static readonly Option<bool> Csv = new("--csv") { Description = "CSV: one value a line (the default)." };

    static readonly Option<string?> File = new("-o", "--output") { Description = "Into this file, which is replaced when all is there (default: standard output).", HelpName = "FILE" };

    static readonly Option<string> How = new("--resolution")
    {
        Description = "raw, minute, quarter-hour, hour or day.", HelpName = "WORD", DefaultValueFactory = _ => "raw",
    };

    public static Command Build() => new Command("export",
        """
        Write what sensors measured, as CSV (the default) or, with --json, as one JSON object a line. Every value has its gateway, its sensor and
        its time in UTC. However much it is, it goes through piece by piece.

        Examples:
          meshiot sensor export air --since 30d -o air.csv
          meshiot sensor export greenhouse/air cellar/air --from 2026-11-01 --to 2026-12-01 --json
        """)
    {
        Targets, SensorOptions.Gateway, SensorTimes.Since, SensorTimes.From, SensorTimes.To, How, Csv, File, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        (long from, long to) = SensorTimes.Read(parsed);
        bool json = parsed.GetValue(Shared.Json);
        if (json && parsed.GetValue(Csv))
        {
            throw Faults.OptionMalformed.With("--csv", "", "possible together with --json").ToException();
        }

        string? path = parsed.GetValue(File);
        using UnixHttpClient agent = Shared.Agent(parsed);
        IReadOnlyList<SensorPlace> places = await SensorPlace.FindAsync(agent, parsed.GetRequiredValue(Targets), parsed.GetValue(SensorOptions.Gateway), ct);
        if (path is null)
        {
            await WriteAsync(agent, places, from, to, parsed.GetRequiredValue(How), json, Console.Out, null, ct);
            return ExitCodes.Done;
        }

        string part = path + ".part";
        ExportProgress progress = new(Console.Error, !Console.IsErrorRedirected, places.Count, from, to);
        try
        {
            await using (StreamWriter file = new(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024))
            {
                await WriteAsync(agent, places, from, to, parsed.GetRequiredValue(How), json, file, progress, ct);
            }

            System.IO.File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.OutputFileUnwritable.With(path, e.Message).ToException(e);
        }
        finally
        {
            if (System.IO.File.Exists(part))
            {
                System.IO.File.Delete(part);
            }
        }

        progress.End(path);
        return ExitCodes.Done;
    }

    static async Task WriteAsync(
        UnixHttpClient agent, IReadOnlyList<SensorPlace> places, long from, long to, string resolution, bool json, TextWriter output, ExportProgress? progress, CancellationToken ct)
    {
        ExportWriter writer = new(output, json);
        for (int i = 0; i < places.Count; i++)
        {
            SensorPlace place = places[i];
            try
            {
                await using Stream stream = await agent.OpenAsync(place.PathOf($"/history.csv?from={from}&to={to}&resolution={Uri.EscapeDataString(resolution)}"), ct);
                using BoundedLines lines = new(stream, 64 * 1024);
                writer.Begin(place.Gateway, await lines.ReadAsync(ct) ?? "");
                while (await lines.ReadAsync(ct) is { } line)
                {
                    writer.Add(line);
                    progress?.Note(i, line, writer.Values);
                }
            }
            catch (Exception e) when (e is HttpIOException or InvalidDataException)
            {
                throw Faults.GatewaySilent.With(place.Gateway, "the connection broke in the middle of the answer").ToException(e);
            }
        }
    }
}
