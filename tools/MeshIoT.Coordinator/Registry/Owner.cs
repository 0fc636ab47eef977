using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>Who owns a node, as clients show it: a user, or the pseudo user under which every client shows tagged nodes.</summary>
internal sealed class Owner(long id, string loginName, string displayName)
{
    /// <summary>The number that Headscale uses, so that clients show the same name.</summary>
    const long TaggedDevicesId = 2147455555;

    public static Owner TaggedDevices { get; } = new(TaggedDevicesId, "tagged-devices", "Tagged Devices");

    public long Id => id;

    /// <summary><paramref name="user"/>, whose bare login gets the tailnet's domain: clients want an address.</summary>
    public static Owner Of(UserRecord user, string baseDomain) =>
        new(user.Id, user.Login.Contains('@', System.StringComparison.Ordinal) ? user.Login : user.Login + "@" + baseDomain, user.DisplayName);

    /// <summary>A user that is not there any more.</summary>
    public static Owner Unknown(long id) => new(id, "unknown", "Unknown");

    public User ToUser() => new() { ID = id, DisplayName = displayName };

    public Login ToLogin() => new() { ID = id, LoginName = loginName, DisplayName = displayName };

    public UserProfile ToProfile() => new() { ID = id, LoginName = loginName, DisplayName = displayName };
}
