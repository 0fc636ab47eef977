using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor scan: what is wired to this gateway, as entries that its configuration can take.</summary>
internal static class SensorScanCommand
{
    static readonly Option<string[]> Bus = new("--bus") { Description = "Only this I2C bus, such as i2c-1; may be given several times.", HelpName = "BUS", AllowMultipleArgumentsPerToken = false };

    public static Command Build() => new Command("scan",
        """
        Look for sensors on the I2C buses of this gateway, and at what its kernel shows of 1-Wire and IIO. stdout gets entries for
        meshiot.toml; what needs no entry is a comment there. Careful: where chips of a driver can be, their identification is read; other
        addresses are only read from, never written to; what an entry or the kernel reads already is left alone.

        Examples:
          meshiot sensor scan
          meshiot sensor scan --bus i2c-1 >> /etc/meshiot/meshiot.toml
          meshiot sensor scan --json | jq -r '.found[] | select(.state == "new") | .driver'
        """)
    {
        Bus, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        ScanDto scan = await agent.PostAsync(
            "localapi/v0/sensors/scan", new ScanRequestDto { Buses = parsed.GetValue(Bus) is { Length: > 0 } buses ? buses : null },
            GatewayJson.Default.ScanRequestDto, GatewayJson.Default.ScanDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(scan, CliJson.Default.ScanDto));
        }
        else
        {
            Write(scan, Console.Out);
            foreach (FaultDto fault in scan.Faults)
            {
                Console.Error.WriteLine($"meshiot: {fault.Code}: {Words.Cell(fault.Message)} Next: {Words.Cell(fault.Next)}");
            }

            if (scan.Buses.Count == 0 && scan.Found.Count == 0)
            {
                Console.Error.WriteLine("meshiot: there is no I2C bus. Switch it on (Raspberry Pi: raspi-config, Interface Options, I2C), then scan again.");
            }
            else if (!scan.Found.Any(IsProposal))
            {
                Console.Error.WriteLine(scan.Buses.Count == 0 ? "meshiot: nothing that needs an entry." : $"meshiot: nothing new on {string.Join(", ", scan.Buses)}.");
            }
        }

        return scan.Faults.Count > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    static bool IsProposal(FoundDto found) => found.State is "new" or "likely";

    static void Write(ScanDto scan, TextWriter to)
    {
        foreach (FoundDto found in scan.Found)
        {
            string place = found.Address is { } address ? string.Create(CultureInfo.InvariantCulture, $"{found.Bus} 0x{address:X2}") : found.Bus;
            switch (found.State)
            {
                case "new" or "likely":
                    WriteEntry(found, place, to);
                    break;
                case "configured":
                    to.WriteLine($"# {place}: {found.Id}, configured already");
                    break;
                case "kernel":
                    to.WriteLine($"# {place}: {string.Join(", ", new[] { found.Id, found.Note }.Where(t => t is not null))}{(found.Address is null ? "" : ", read by the kernel")}");
                    break;
                default:
                    to.WriteLine($"# {place}: something that no driver knows");
                    break;
            }
        }
    }

    static void WriteEntry(FoundDto found, string place, TextWriter to)
    {
        string sure = found.State == "new" ? "" : " by its address; it cannot be asked";
        to.WriteLine($"# {place}: {found.Driver}{sure}");
        to.WriteLine(found.IsOutput ? "[display]" : "[[sensor]]");
        if (!found.IsOutput)
        {
            to.WriteLine($"id = \"{found.Id}\"");
        }

        to.WriteLine($"driver = \"{found.Driver}\"");
        to.WriteLine($"bus = \"{found.Bus}\"");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"address = 0x{found.Address:X2}"));
        to.WriteLine();
    }
}
