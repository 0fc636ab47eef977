using System.CommandLine;

namespace MeshIoT.Cli.Commands;

/// <summary>Options that several sensor commands have.</summary>
internal static class SensorOptions
{
    public static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = "Only this gateway (default: all gateways of the tailnet).", HelpName = "NAME",
    };
}
