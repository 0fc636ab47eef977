using System.CommandLine;
using System.Text;
using MeshIoT.Cli.Commands;

namespace MeshIoT.Cli;

/// <summary>The tree of commands.</summary>
internal static class Root
{
    public static RootCommand Build() => new(
        """
        Reach sensors anywhere, over WireGuard, by name.

        Examples:
          meshiot up --claim -                 join a tailnet: paste or pipe the claim of a QR code
          meshiot status                       this node, its peers, and what is wrong
          meshiot ping greenhouse              by which path does it answer?
          meshiot sensor list                  the sensors of every gateway of the tailnet
          meshiot sensor watch greenhouse      values of one gateway as they come
          meshiot key create --qr              on the coordinator: a one-off key as a QR code
        """)
    {
        UpCommand.Build(),
        DownCommand.Build(),
        LogoutCommand.Build(),
        StatusCommand.Build(),
        PingCommand.Build(),
        NetcheckCommand.Build(),
        IpCommand.Build(),
        SensorCommand.Build(),
        OutputCommand.Build(),
        AlertCommand.Build(),
        KeyCommand.Build(),
        NodeCommand.Build(),
        PolicyCommand.Build(),
        UserCommand.Build(),
        RouteCommand.Build(),
        TokenCommand.Build(),
        SettingsCommand.Build(),
        AuditCommand.Build(),
        ServerCommand.Build(),
        LoginCommand.Build(),
        DebugCommand.Build(),
        VersionCommand.Build(),
    };

    /// <summary>"meshiot sensor list --help" for whatever was typed.</summary>
    public static string HelpHint(ParseResult parsed)
    {
        StringBuilder path = new("--help");
        for (SymbolResultWalker at = new(parsed.CommandResult); at.Name is { } name; at = at.Up())
        {
            path.Insert(0, name + " ");
        }

        return path.ToString();
    }

    readonly struct SymbolResultWalker(System.CommandLine.Parsing.CommandResult? result)
    {
        public string? Name => result is null ? null : result.Parent is null ? "meshiot" : result.Command.Name;

        public SymbolResultWalker Up() => new(result?.Parent as System.CommandLine.Parsing.CommandResult);
    }
}
