using System;
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

/// <summary>meshiot sensor drivers: what an entry's <c>driver</c> may be.</summary>
internal static class SensorDriversCommand
{
    static readonly Argument<string?> Name = new("driver") { Description = "Only this one, with its options.", Arity = ArgumentArity.ZeroOrOne };

    public static Command Build() => new Command("drivers",
        """
        List the drivers that this gateway has: name, bus, addresses, what they measure. With a name also the options that an entry of
        meshiot.toml may have besides id, driver, bus, address, every, unit, offset, scale and limits.

        Examples:
          meshiot sensor drivers
          meshiot sensor drivers ads1115
          meshiot sensor drivers --json | jq -r '.drivers[] | select(.bus == "i2c") | .name'
        """)
    {
        Name, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        DriversDto all = await agent.GetAsync("localapi/v0/drivers", GatewayJson.Default.DriversDto, ct);
        string? name = parsed.GetValue(Name);
        DriverDto[] drivers = [.. all.Drivers.Where(d => name is null || d.Name == name)];
        if (drivers.Length == 0 && name is not null)
        {
            return Shared.Fail(parsed, Faults.DriverUnknown.With(name, "on the command line", ""));
        }

        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new DriversDto(drivers), CliJson.Default.DriversDto));
            return ExitCodes.Done;
        }

        Columns columns = new();
        columns.Add("Driver", "Bus", "Addresses", "Summary");
        foreach (DriverDto driver in drivers)
        {
            columns.Add(driver.Name, driver.Bus.Length > 0 ? driver.Bus : "-", Addresses(driver), driver.Summary);
        }

        columns.Write(Console.Out);
        if (name is not null)
        {
            foreach ((string option, string expects) in drivers[0].Options)
            {
                Console.Out.WriteLine($"  {option}: {expects}");
            }
        }

        return ExitCodes.Done;
    }

    // Three say enough; the INA219 has sixteen.
    static string Addresses(DriverDto driver) => driver.Addresses.Count == 0 ? "-"
        : string.Join(' ', driver.Addresses.Take(3).Select(a => string.Create(CultureInfo.InvariantCulture, $"0x{a:X2}"))) + (driver.Addresses.Count > 3 ? " …" : "");
}
