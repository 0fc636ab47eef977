using System;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using MeshIoT.Health;

[assembly: SupportedOSPlatform("linux")]

namespace MeshIoT.Coordinator;

/// <summary>meshiot-coordinator: the coordination server.</summary>
internal static class Program
{
    static async Task<int> Main(string[] args)
    {
        RootCommand root = new(
            """
            The coordination server of a tailnet: admits nodes by auth key and tells each where the others are.

            Examples:
              meshiot-coordinator serve                              on 127.0.0.1:8080, for this machine
              meshiot-coordinator serve --listen 192.168.1.10:8080   for a private network
              meshiot key create --qr                                then: a key for the first gateway
            """) { ServeCommand.Build(), RelayCommand.Build(), AlertsCommand.Build() };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            // The commands end by themselves on SIGTERM; a busy machine may take more than the two seconds that the library would wait.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }

        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine($"meshiot-coordinator: usage: {error.Message}");
        }

        Console.Error.WriteLine($"See: meshiot-coordinator {(args is ["relay" or "alerts", ..] ? args[0] : "serve")} --help");
        return ExitCodes.Usage;
    }
}
