using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using MeshIoT.Agent.Configuration;
using MeshIoT.Alerts;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>What a coordinator's file of alerts says: which nodes count, and the same [alerts] as on a gateway.</summary>
/// <param name="Tags">Nodes with one of these tags; empty: every tagged node. People's own devices come and go, and nobody is told of them.</param>
/// <param name="KeyWarning">How long before its key expires a node is named.</param>
/// <param name="Options">Who is told, when and how often.</param>
internal sealed record CoordinatorAlerts(IReadOnlyList<string> Tags, TimeSpan KeyWarning, AlertOptions Options)
{
    static readonly TimeSpan UsualKeyWarning = TimeSpan.FromDays(7), UsualOffline = TimeSpan.FromMinutes(10), Longest = TimeSpan.FromDays(365);

    /// <summary>Reads the file; throws a fault that names line and column.</summary>
    public static CoordinatorAlerts Read(string path)
    {
        ConfigTable root = ConfigFile.Read(path);
        AlertOptions options = AlertSection.Read(root) ?? throw Faults.SettingMissing.With("[alerts]", path, path, "a section with a webhook or an e-mail address").ToException();
        if (!options.HasDeliveries)
        {
            throw Faults.SettingMissing.With("[[alerts.webhook]] or [alerts.email]", path, path, "there, or nobody is told").ToException();
        }

        TimeSpan offline = root.Time("offline_after", TimeSpan.Zero, Longest) ?? UsualOffline;
        Dictionary<string, AlertRule> rules = new(options.Rules.ByCode, StringComparer.Ordinal);
        AlertRule rule = rules.GetValueOrDefault(Faults.GatewayOffline.Code) ?? new AlertRule();
        rules[Faults.GatewayOffline.Code] = rule with { After = rule.After ?? offline };
        CoordinatorAlerts read = new(
            root.Texts("tags"), root.Time("key_warning", TimeSpan.Zero, Longest) ?? UsualKeyWarning, options with { Rules = options.Rules with { ByCode = rules } });
        root.Finish();
        return read;
    }

    /// <summary>Watches the nodes of <paramref name="writer"/> and tells people, until the desk is disposed of.</summary>
    public async Task<AlertDesk> StartAsync(string directory, StateWriter writer, TimeProvider time, CoordinatorLog log)
    {
        AlertDesk? desk = null;
        NodeWatch watch = new(writer, this, time, () => desk?.Poke());
        desk = new AlertDesk(directory, static () => "coordinator", watch.Faults, time, (_, report) =>
        {
            if (report is not null)
            {
                log.Fault(report);
            }
        });
        watch.Start();
        await desk.UseAsync(Options).ConfigureAwait(false);
        return desk;
    }
}
