using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>Rules that several requests share; each refusal names the field.</summary>
internal static class Checks
{
    /// <summary>A note of at most 200 characters on one line; null is an empty one.</summary>
    /// <exception cref="FaultException">It is longer, or has control characters.</exception>
    public static string Description(string? text)
    {
        string description = text?.Trim() ?? "";
        return description.Length > AuthKeyRequest.MaxDescriptionLength ? throw AdminCall.Invalid($"description is longer than {AuthKeyRequest.MaxDescriptionLength} characters")
            : description.Any(char.IsControl) ? throw AdminCall.Invalid("description has control characters")
            : description;
    }

    /// <summary>A lifetime in whole seconds; null or 0 is <paramref name="otherwise"/>.</summary>
    /// <exception cref="FaultException">It is not within bounds.</exception>
    public static TimeSpan Lifetime(long? seconds, TimeSpan otherwise, TimeSpan longest) =>
        seconds is null or 0 ? otherwise
        : seconds >= 1 && seconds <= longest.TotalSeconds ? TimeSpan.FromSeconds(seconds.Value)
        : throw AdminCall.Invalid($"expirySeconds is not between 1 and {longest.TotalSeconds:0}");

    /// <summary>Tags without repetition.</summary>
    /// <exception cref="FaultException">One is none, or there are too many.</exception>
    public static ImmutableArray<string> Tags(IEnumerable<string?>? asked)
    {
        ImmutableArray<string?> tags = [.. (asked ?? []).Distinct()];
        return tags.Length > AuthKeyRequest.MaxTags ? throw AdminCall.Invalid($"tags has more than {AuthKeyRequest.MaxTags} entries")
            : !tags.All(TagName.IsValid) ? throw AdminCall.Invalid("tags has an entry that is not of the form tag:name, with a letter first and then letters, digits and dashes")
            : [.. tags.Select(t => t!)];
    }

    /// <summary>A login: 1 to 64 of letters, digits and <c>@ . _ + -</c>, a letter or digit first; not of the form of an ID.</summary>
    /// <exception cref="FaultException">It is none.</exception>
    public static string Login(string login)
    {
        bool fits = login.Length is >= 1 and <= 64 && char.IsAsciiLetterOrDigit(login[0]) && login.All(c => char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '_' or '+' or '-');
        bool looksLikeId = login.Length > 1 && login[0] is 'u' && login.Skip(1).All(char.IsAsciiDigit);
        return !fits ? throw AdminCall.Invalid("login is not 1 to 64 letters, digits or @ . _ + - with a letter or digit first")
            : looksLikeId ? throw AdminCall.Invalid("login has the form of a user's id")
            : login == Owner.TaggedDevices.ToLogin().LoginName ? throw AdminCall.Invalid("login is the one under which tagged nodes are shown")
            : login;
    }

    /// <summary>A name for people: 1 to 128 characters on one line.</summary>
    /// <exception cref="FaultException">It is none.</exception>
    public static string DisplayName(string name)
    {
        name = name.Trim();
        return name.Length is >= 1 and <= 128 && !name.Any(char.IsControl) ? name : throw AdminCall.Invalid("displayName is not 1 to 128 characters on one line");
    }

    /// <summary>A role by its name in lower case.</summary>
    /// <exception cref="FaultException">There is none of that name.</exception>
    public static UserRole Role(string role) => role switch
    {
        "member" => UserRole.Member,
        "admin" => UserRole.Admin,
        "owner" => UserRole.Owner,
        _ => throw AdminCall.Invalid("role is none of member, admin, owner"),
    };

    /// <summary>The fault for what does not fit what there is.</summary>
    public static FaultException Conflict(string why, string next) => Faults.AdminConflict.With(why, next).ToException();
}
