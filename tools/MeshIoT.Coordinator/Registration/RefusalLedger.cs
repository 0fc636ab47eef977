using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>
/// Counts refused registrations, and writes what it counted to the audit log now and then: one line a reason and address, at most 20,
/// whatever the number of attempts. Thread-safe.
/// </summary>
internal sealed class RefusalLedger(StateWriter writer, TimeProvider time)
{
    const int MaxCounted = 1000, MaxLines = 20;

    readonly Dictionary<(string Code, string Remote), int> counts = [];
    int others;

    /// <summary>Counts one refusal with the fault <paramref name="code"/> to <paramref name="remote"/>.</summary>
    public void Count(string code, string remote)
    {
        lock (counts)
        {
            if (counts.Count < MaxCounted || counts.ContainsKey((code, remote)))
            {
                counts[(code, remote)] = counts.GetValueOrDefault((code, remote)) + 1;
            }
            else
            {
                others++;
            }
        }
    }

    /// <summary>Writes what has been counted since the last time; nothing when that is nothing.</summary>
    public async Task WriteAsync()
    {
        List<AuditEntry> lines = Take(time.GetUtcNow());
        if (lines.Count > 0)
        {
            await writer.ChangeAsync(edit =>
            {
                lines.ForEach(edit.Audit);
                return true;
            }).ConfigureAwait(false);
        }
    }

    List<AuditEntry> Take(DateTimeOffset now)
    {
        lock (counts)
        {
            List<AuditEntry> lines = [.. counts.OrderByDescending(c => c.Value).Take(MaxLines)
                .Select(c => new AuditEntry(now, "coordinator", "register.refuse", c.Key.Remote, $"{c.Key.Code}, {Times(c.Value)}"))];
            int rest = others + counts.OrderByDescending(c => c.Value).Skip(MaxLines).Sum(c => c.Value);
            if (rest > 0)
            {
                lines.Add(new AuditEntry(now, "coordinator", "register.refuse", "others", Times(rest)));
            }

            counts.Clear();
            others = 0;
            return lines;
        }
    }

    static string Times(int count) => count == 1 ? "once" : count.ToString(CultureInfo.InvariantCulture) + " times";
}
