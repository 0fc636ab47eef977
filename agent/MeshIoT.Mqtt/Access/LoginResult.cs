namespace MeshIoT.Mqtt.Access;

/// <summary>What became of a login.</summary>
public enum LoginResult
{
    /// <summary>The password is right, or none is needed.</summary>
    Welcome,

    /// <summary>No such user, or not this password.</summary>
    Wrong,

    /// <summary>Not looked at: too many wrong ones from that address, or too many logins at once.</summary>
    TooMany,
}
