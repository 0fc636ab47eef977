using System.Collections.Generic;

namespace MeshIoT.Mqtt.Access;

/// <summary>Who may log in to the broker, and what they may do there.</summary>
/// <param name="Name">Name: a-z, A-Z, 0-9, _ - . @, at most 64 characters; empty for clients that give no name.</param>
/// <param name="PasswordHash">Argon2id in text form; empty for clients that give no name.</param>
/// <param name="Read">Filters whose messages they may have. <c>%u</c> stands for the name.</param>
/// <param name="Write">Filters they may publish to.</param>
public sealed record MqttUser(string Name, string PasswordHash, IReadOnlyList<string> Read, IReadOnlyList<string> Write);
