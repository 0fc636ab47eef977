using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>Who asks the administration for something, and what it may do.</summary>
/// <param name="Actor">Its name in the audit log.</param>
/// <param name="UserId">In whose name it acts; what it makes belongs to that user unless it says otherwise.</param>
/// <param name="Role">That user's role.</param>
/// <param name="Scopes">What it may do.</param>
internal sealed record Caller(string Actor, long UserId, UserRole Role, ImmutableArray<string> Scopes)
{
    /// <summary>Whoever may open the local socket.</summary>
    public static readonly Caller Local = new("local", UserRecord.OwnerId, UserRole.Owner, [Coordinator.Scopes.All]);

    /// <summary>Somebody who has not said who it is.</summary>
    public static readonly Caller Nobody = new("nobody", 0, UserRole.Member, []);

    /// <summary>Whoever shows <paramref name="token"/>.</summary>
    public static Caller Of(ApiToken token, UserRecord user) =>
        new("token t" + token.Id.ToString(CultureInfo.InvariantCulture), user.Id, user.Role, token.Scopes);

    /// <summary>Goes on only if it may: the role of its user, and the scope.</summary>
    /// <param name="scope">Null: any token will do.</param>
    /// <exception cref="FaultException">It may not.</exception>
    public void Demand(string? scope)
    {
        if (Role == UserRole.Member)
        {
            throw Faults.RoleTooLow.With("members have no part in the administration").ToException();
        }

        if (scope is not null && !Coordinator.Scopes.Allow(Scopes, scope))
        {
            throw Faults.ScopeMissing.With(scope).ToException();
        }
    }

    /// <summary>Goes on only if it may give away what it holds: nobody makes somebody stronger than itself.</summary>
    /// <exception cref="FaultException">It may not.</exception>
    public void DemandAtLeast(UserRole role, ImmutableArray<string> scopes)
    {
        DemandRole(role);
        if (scopes.FirstOrDefault(s => !Coordinator.Scopes.Allow(Scopes, s)) is { } missing)
        {
            throw Faults.ScopeMissing.With(missing).ToException();
        }
    }

    /// <summary>Goes on only if its role is not below <paramref name="role"/>.</summary>
    /// <exception cref="FaultException">It is.</exception>
    public void DemandRole(UserRole role)
    {
        if (Role < role)
        {
            throw Faults.RoleTooLow.With("only an owner may touch owners").ToException();
        }
    }
}
