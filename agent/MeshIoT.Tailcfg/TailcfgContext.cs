using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Generated metadata of the wire types. Use it through <see cref="TailcfgJson.Default"/>, which adds the wire's escaping rule.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters =
    [
        typeof(MachinePublicKeyConverter), typeof(NodePublicKeyConverter), typeof(DiscoPublicKeyConverter), typeof(WireTimeConverter), typeof(RawJsonConverter), typeof(FiniteDoubleConverter),
        typeof(ListOf<string>), typeof(ListOf<int>), typeof(ListOf<long>), typeof(ListOf<JsonElement>),
        typeof(ListOf<Node>), typeof(ListOf<PeerChange>), typeof(ListOf<UserProfile>), typeof(ListOf<Service>),
        typeof(ListOf<SshRule>), typeof(ListOf<SshPrincipal>), typeof(ListOf<FilterRule>), typeof(ListOf<NetPortRange>), typeof(ListOf<CapGrant>),
        typeof(ListOf<DerpNode>), typeof(ListOf<DnsResolver>), typeof(ListOf<DnsRecord>), typeof(ListOf<ControlIPCandidate>),
    ])]
[JsonSerializable(typeof(OverTlsPublicKeyResponse))]
[JsonSerializable(typeof(EarlyNoise))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegisterResponse))]
[JsonSerializable(typeof(MapRequest))]
[JsonSerializable(typeof(MapResponse))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Hostinfo))]
[JsonSerializable(typeof(DerpMap))]
[JsonSerializable(typeof(DnsConfig))]
[JsonSerializable(typeof(SshPolicy))]
[JsonSerializable(typeof(PingResponse))]
[JsonSerializable(typeof(IReadOnlyDictionary<long, bool>))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(IReadOnlyList<FilterRule>))]
[JsonSerializable(typeof(IReadOnlyList<UserProfile>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class TailcfgContext : JsonSerializerContext;
