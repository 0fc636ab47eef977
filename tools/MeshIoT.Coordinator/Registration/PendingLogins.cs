using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// The machines that wait for a person: at most so many, the longest waiting gives way; each for 15 minutes; new ones rate-limited per address.
/// Whoever knows an ID sees what asks, and, being an administrator, decides. Thread-safe.
/// </summary>
internal sealed class PendingLogins(StateWriter writer, CoordinatorLimits limits, RandomSource random, TimeProvider time)
{
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    const int IdBytes = 16, IdLength = 26;

    readonly LinkedList<PendingLogin> oldestFirst = [];
    readonly Dictionary<string, LinkedListNode<PendingLogin>> byId = new(StringComparer.Ordinal);
    readonly AddressBuckets opened = new(limits.LoginBurst, 1 / limits.LoginForgivenSeconds, time);

    /// <summary>The waiting logins, the longest waiting first.</summary>
    public IReadOnlyList<PendingLogin> List()
    {
        lock (byId)
        {
            DropExpired();
            return [.. oldestFirst];
        }
    }

    /// <summary>The waiting login with that ID; null when there is none (any more).</summary>
    public PendingLogin? Find(string id)
    {
        lock (byId)
        {
            DropExpired();
            return id.Length == IdLength && byId.TryGetValue(id, out LinkedListNode<PendingLogin>? found) ? found.Value : null;
        }
    }

    /// <summary>The login that waits for this machine and node key, or a new one; null when this address has opened too many.</summary>
    /// <param name="machine">The machine key that the handshake proved.</param>
    /// <param name="request">What it asks.</param>
    /// <param name="remote">The address it asks from.</param>
    /// <param name="notThis">A login that it knows already and that must not be given again.</param>
    public PendingLogin? Open(MachinePublicKey machine, RegisterRequest request, string remote, string? notThis = null)
    {
        lock (byId)
        {
            DropExpired();
            PendingLogin? same = oldestFirst.FirstOrDefault(p => p.Machine == machine && p.Request.NodeKey == request.NodeKey && p.Id != notThis);
            if (same is not null || !opened.TryTake(remote))
            {
                return same;
            }

            if (byId.Count >= limits.MaxPendingLogins)
            {
                Drop(oldestFirst.First!.Value);
            }

            DateTimeOffset now = time.GetUtcNow();
            PendingLogin login = new(NewId(), machine, request with { Auth = null, Followup = null, NLKey = null, NodeKeySignature = null }, remote, now, now + limits.LoginLifetime);
            byId[login.Id] = oldestFirst.AddLast(login);
            return login;
        }
    }

    /// <summary>Lets the machine in as a node of <paramref name="userId"/>, or with the tags it asked for where that user may give them.</summary>
    /// <param name="id">The login.</param>
    /// <param name="userId">Whose node it becomes.</param>
    /// <param name="actor">Who decided, for the audit log.</param>
    /// <param name="approve">The node needs no further approval, where approval is asked for.</param>
    /// <exception cref="FaultException">There is no such login or user, or the user may not give the tags; then the login still waits.</exception>
    public async Task<Registration> ApproveAsync(string id, long userId, string actor, bool approve = true)
    {
        PendingLogin login = Find(id) ?? throw Faults.LoginUnknown.With().ToException();
        DateTimeOffset now = time.GetUtcNow();
        Registration done = await writer.ChangeAsync(edit =>
        {
            if (!edit.Current.Users.ContainsKey(userId))
            {
                throw Faults.AdminNotFound.With("user", "user").ToException();
            }

            if (edit.Current.FindByNodeKey(login.Request.NodeKey) is { } holder && holder.Machine != login.Machine)
            {
                throw Faults.NodeKeyTaken.With().ToException();
            }

            return Registrar.Admit(edit, login.Machine, login.Request, new Admission(userId, [], false, approve, 0, actor, $"by login from {login.Remote}"), now);
        }).ConfigureAwait(false);
        Decide(login, LoginDecision.Approved);
        return done;
    }

    /// <summary>Sends the machine away.</summary>
    /// <exception cref="FaultException">There is no such login.</exception>
    public async Task RejectAsync(string id, string actor)
    {
        PendingLogin login = Find(id) ?? throw Faults.LoginUnknown.With().ToException();
        DateTimeOffset now = time.GetUtcNow();
        await writer.ChangeAsync(edit =>
        {
            edit.Audit(new AuditEntry(now, actor, "login.reject", login.MachineShort, $"{login.Hostname} from {login.Remote}"));
            return true;
        }).ConfigureAwait(false);
        Decide(login, LoginDecision.Rejected);
    }

    /// <summary>Waits for the decision on <paramref name="id"/>, which must belong to <paramref name="machine"/>; unknown when there is none in time.</summary>
    public async Task<LoginDecision> WaitAsync(string id, MachinePublicKey machine, CancellationToken cancelled)
    {
        if (Find(id) is not { } login || login.Machine != machine)
        {
            return LoginDecision.Unknown;
        }

        TimeSpan left = login.Expires - time.GetUtcNow();
        await ((Task)login.Decided.Task).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return login.Decided.Task.IsCompletedSuccessfully ? await login.Decided.Task.ConfigureAwait(false) : LoginDecision.Unknown;
    }

    void Decide(PendingLogin login, LoginDecision decision)
    {
        lock (byId)
        {
            if (byId.Remove(login.Id, out LinkedListNode<PendingLogin>? node))
            {
                oldestFirst.Remove(node);
            }
        }

        login.Decided.TrySetResult(decision);
    }

    void Drop(PendingLogin login)
    {
        oldestFirst.Remove(byId[login.Id]);
        byId.Remove(login.Id);
        login.Decided.TrySetResult(LoginDecision.Unknown);
    }

    void DropExpired()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (oldestFirst.First is { Value: var oldest } && oldest.Expires <= now)
        {
            Drop(oldest);
        }
    }

    string NewId()
    {
        byte[] bytes = new byte[IdBytes];
        random.Fill(bytes, 0, bytes.Length);
        UInt128 value = new(BitConverter.ToUInt64(bytes, 0), BitConverter.ToUInt64(bytes, 8));
        return string.Create(IdLength, value, static (text, v) =>
        {
            for (int i = 0; i < text.Length; i++, v >>= 5)
            {
                text[i] = Alphabet[(int)(v & 31)];
            }
        });
    }
}
