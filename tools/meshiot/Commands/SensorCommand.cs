using System.CommandLine;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor: values of the tailnet's gateways, read through the tunnel.</summary>
internal static class SensorCommand
{
    public static Command Build() => new("sensor", "Sensors of this node and of every gateway of the tailnet, read through the tunnel.")
    {
        SensorListCommand.Build(),
        SensorReadCommand.Build(),
        SensorWatchCommand.Build(),
        SensorHistoryCommand.Build(),
        SensorExportCommand.Build(),
        SensorScanCommand.Build(),
        SensorTestCommand.Build(),
        SensorDriversCommand.Build(),
    };
}
