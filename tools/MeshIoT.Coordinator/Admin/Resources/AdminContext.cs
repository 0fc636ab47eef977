using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Coordinator;

/// <summary>What every resource of the administration works with.</summary>
internal sealed record AdminContext(StateWriter Writer, ServerIdentity Identity, CoordinatorLimits Limits, RandomSource Random, TimeProvider Time, CoordinatorLog Log)
{
    public Tailnet Tailnet => Writer.Current;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Changes the tailnet and writes the line of the audit log with it.</summary>
    /// <param name="call">Who does it.</param>
    /// <param name="action">What is done, such as <c>key.create</c>.</param>
    /// <param name="change">Does it; gives the result, what it was done to, and what changed.</param>
    /// <exception cref="Health.FaultException">It was refused, or could not be stored.</exception>
    public Task<T> ChangeAsync<T>(AdminCall call, string action, Func<TailnetEdit, (T Result, string Target, string Detail)> change)
    {
        DateTimeOffset now = Now;
        return Writer.ChangeAsync(edit =>
        {
            (T result, string target, string detail) = change(edit);
            edit.Audit(new AuditEntry(now, call.Actor, action, target, detail));
            return result;
        });
    }

    /// <summary>A user's login; for a node that belongs to nobody, null.</summary>
    public static string? LoginOf(Tailnet tailnet, long userId) => tailnet.Users.TryGetValue(userId, out UserRecord? user) ? user.Login : null;

    /// <summary>One page of what is sorted by ID, and where the next one starts.</summary>
    public static (List<T> Page, string? Next) Page<T>(IEnumerable<T> sorted, Func<T, long> id, AdminCall call)
    {
        int limit = call.Limit();
        long after = call.Cursor() ?? 0;
        List<T> page = [.. sorted.SkipWhile(e => id(e) <= after).Take(limit + 1)];
        if (page.Count <= limit)
        {
            return (page, null);
        }

        page.RemoveAt(limit);
        return (page, id(page[^1]).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
