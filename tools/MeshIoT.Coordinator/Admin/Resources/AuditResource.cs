using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

/// <summary>The audit log, newest first. Only the database has it: a page is read when it is asked for.</summary>
internal sealed class AuditResource(Func<long, int, IReadOnlyList<AuditEntry>> read)
{
    const int DefaultPage = 100;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/api/v1/audit", "listAudit", "The audit log, newest first.", new(Scopes.AuditRead), ListAsync)
        {
            Query = [QueryParameter.Limit, QueryParameter.Cursor], Response = AdminJson.Default.AuditListDto,
            ResponseExample = """{"entries":[{"id":"41","time":"2026-11-25T08:00:00+00:00","actor":"local","action":"key.create","target":"k7","detail":"one-off, tag:sensor, until 2026-11-26 08:00 UTC"}],"nextCursor":"41"}""",
        },
    ];

    Task ListAsync(AdminCall call)
    {
        int limit = call.Limit(DefaultPage);
        IReadOnlyList<AuditEntry> entries;
        try
        {
            entries = read(call.Cursor() ?? 0, limit + 1);
        }
        catch (SqliteException e)
        {
            throw Faults.StateWriteFailed.With($"the audit log cannot be read, SQLite error {e.SqliteErrorCode}").ToException(e);
        }

        bool more = entries.Count > limit;
        List<AuditDto> page = [.. entries.Take(limit).Select(ToDto)];
        return call.WriteAsync(new AuditListDto(page, more ? page[^1].Id : null), AdminJson.Default.AuditListDto);
    }

    static AuditDto ToDto(AuditEntry entry) => new()
    {
        Id = entry.Id.ToString(CultureInfo.InvariantCulture),
        Time = entry.Time,
        Actor = entry.Actor,
        Action = entry.Action,
        Target = entry.Target,
        Detail = entry.Detail.Length == 0 ? null : entry.Detail,
    };
}
