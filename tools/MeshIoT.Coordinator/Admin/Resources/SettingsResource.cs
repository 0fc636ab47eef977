using System.Collections.Generic;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>The tailnet's settings.</summary>
internal sealed class SettingsResource(AdminContext admin)
{
    const string Path = "/api/v1/settings", Example = """{"nodeApproval":true,"keyExpiryDays":180}""";

    const int MaxKeyExpiryDays = 3660;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "getSettings", "The tailnet's settings.", new(Scopes.SettingsRead), c => c.WriteAsync(ToDto(admin.Tailnet.Settings), AdminJson.Default.SettingsDto))
        {
            Response = AdminJson.Default.SettingsDto, ResponseExample = Example,
        },
        new("PATCH", Path, "changeSettings", "Changes settings; what is absent stays.", new(Scopes.SettingsWrite), PatchAsync)
        {
            Request = AdminJson.Default.PatchSettingsDto, RequestExample = """{"keyExpiryDays":180}""", Response = AdminJson.Default.SettingsDto, ResponseExample = Example,
        },
    ];

    async Task PatchAsync(AdminCall call)
    {
        PatchSettingsDto asked = await call.ReadAsync(AdminJson.Default.PatchSettingsDto).ConfigureAwait(false);
        if (asked is { NodeApproval: null, KeyExpiryDays: null })
        {
            throw AdminCall.Invalid("none of nodeApproval and keyExpiryDays is there");
        }

        if (asked.KeyExpiryDays is < 0 or > MaxKeyExpiryDays)
        {
            throw AdminCall.Invalid($"keyExpiryDays is not between 0 (never) and {MaxKeyExpiryDays}");
        }

        SettingsDto answer = await admin.ChangeAsync(call, "settings.change", edit =>
        {
            TailnetSettings before = edit.Current.Settings, after = before with
            {
                NodeApproval = asked.NodeApproval ?? before.NodeApproval,
                KeyExpiryDays = asked.KeyExpiryDays ?? before.KeyExpiryDays,
            };
            edit.Current = edit.Current with { Settings = after };
            return (ToDto(after), "settings", Describe(before, after));
        }).ConfigureAwait(false);
        await call.WriteAsync(answer, AdminJson.Default.SettingsDto).ConfigureAwait(false);
    }

    static string Describe(TailnetSettings before, TailnetSettings after)
    {
        List<string> changes = [];
        if (before.NodeApproval != after.NodeApproval)
        {
            changes.Add(after.NodeApproval ? "nodeApproval on" : "nodeApproval off");
        }

        if (before.KeyExpiryDays != after.KeyExpiryDays)
        {
            changes.Add($"keyExpiryDays {before.KeyExpiryDays} -> {after.KeyExpiryDays}");
        }

        return changes.Count == 0 ? "nothing new" : string.Join("; ", changes);
    }

    static SettingsDto ToDto(TailnetSettings settings) => new() { NodeApproval = settings.NodeApproval, KeyExpiryDays = settings.KeyExpiryDays };
}
