using System;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using MeshIoT.Health;

[assembly: SupportedOSPlatform("linux")]

namespace MeshIoT.Sim;

/// <summary>meshiot-sim: a fleet of nodes against a coordinator, and what it costs.</summary>
internal static class Program
{
    static async Task<int> Main(string[] args)
    {
        ParseResult parsed = SimCommand.Build().Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }

        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine($"meshiot-sim: usage: {error.Message}");
        }

        Console.Error.WriteLine("See: meshiot-sim --help");
        return ExitCodes.Usage;
    }
}
