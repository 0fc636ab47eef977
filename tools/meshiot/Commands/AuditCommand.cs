using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot audit: who changed what.</summary>
internal static class AuditCommand
{
    const int MaxPage = 1000;

    static readonly Option<int> Limit = new("--limit", "-n") { Description = "How many entries, the newest; 0: all.", HelpName = "N", DefaultValueFactory = _ => 50 };

    public static Command Build() => new("audit", "Who changed what, and who was refused.")
    {
        new Command("list",
            """
            List the audit log, newest first.

            Examples:
              meshiot audit list
              meshiot audit list -n 0 --json >audit.json
            """) { Limit }.Asks(ListAsync),
    };

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        int limit = call.Value(Limit);
        if (limit < 0)
        {
            throw Faults.OptionMalformed.With("--limit", limit, "a number from 0 on").ToException();
        }

        string path = "api/v1/audit?limit=" + (limit is 0 or > MaxPage ? MaxPage : limit).ToString(CultureInfo.InvariantCulture);
        List<AuditDto> entries = limit is 0 or > MaxPage
            ? await call.ListAsync(path, CoordinatorJson.Default.AuditListDto, p => (p.Entries, p.NextCursor))
            : [.. (await call.GetAsync(path, CoordinatorJson.Default.AuditListDto)).Entries];
        if (limit > 0 && entries.Count > limit)
        {
            entries.RemoveRange(limit, entries.Count - limit);
        }

        return call.Print(new AuditListDto(entries), CoordinatorJson.Default.AuditListDto, () =>
        {
            Columns columns = new();
            columns.Add("Time", "Actor", "Action", "Target", "Detail");
            foreach (AuditDto entry in entries)
            {
                columns.Add(entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Words.Cell(entry.Actor), Words.Cell(entry.Action), Words.Cell(entry.Target), Words.Cell(entry.Detail));
            }

            columns.Write(Console.Out);
        });
    }
}
