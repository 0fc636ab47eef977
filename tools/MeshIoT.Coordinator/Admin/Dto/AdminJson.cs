using System.Text.Json.Serialization;

namespace MeshIoT.Coordinator;

/// <summary>
/// JSON of the administration: camelCase, times as RFC 3339, nothing for null. Also its own description: what <see cref="OpenApiDocument"/>
/// says about a body and what <see cref="StrictJson"/> takes are both read from here.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(CreateKeyDto))]
[JsonSerializable(typeof(KeyDto))]
[JsonSerializable(typeof(KeyListDto))]
[JsonSerializable(typeof(NodeDto))]
[JsonSerializable(typeof(NodeListDto))]
[JsonSerializable(typeof(PatchNodeDto))]
[JsonSerializable(typeof(NodeExpiryDto))]
[JsonSerializable(typeof(RouteListDto))]
[JsonSerializable(typeof(RouteChangeDto))]
[JsonSerializable(typeof(UserDto))]
[JsonSerializable(typeof(UserListDto))]
[JsonSerializable(typeof(CreateUserDto))]
[JsonSerializable(typeof(PatchUserDto))]
[JsonSerializable(typeof(LoginCodeDto))]
[JsonSerializable(typeof(CreateTokenDto))]
[JsonSerializable(typeof(TokenDto))]
[JsonSerializable(typeof(TokenListDto))]
[JsonSerializable(typeof(LoginDto))]
[JsonSerializable(typeof(LoginListDto))]
[JsonSerializable(typeof(ApproveLoginDto))]
[JsonSerializable(typeof(PolicyDto))]
[JsonSerializable(typeof(PolicyTextDto))]
[JsonSerializable(typeof(PolicyTestDto))]
[JsonSerializable(typeof(PolicyProblemDto))]
[JsonSerializable(typeof(SettingsDto))]
[JsonSerializable(typeof(PatchSettingsDto))]
[JsonSerializable(typeof(AuditListDto))]
[JsonSerializable(typeof(ServerDto))]
internal sealed partial class AdminJson : JsonSerializerContext;
