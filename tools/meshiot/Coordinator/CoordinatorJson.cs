using System.Text.Json.Serialization;
using MeshIoT.Coordinator;

namespace MeshIoT.Cli.Coordinator;

/// <summary>JSON of the coordinator's administration as the command line sends, reads and prints it. Fields of a later version are passed over.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateKeyDto))]
[JsonSerializable(typeof(KeyListDto))]
[JsonSerializable(typeof(NodeListDto))]
[JsonSerializable(typeof(PatchNodeDto))]
[JsonSerializable(typeof(NodeExpiryDto))]
[JsonSerializable(typeof(RouteListDto))]
[JsonSerializable(typeof(RouteChangeDto))]
[JsonSerializable(typeof(UserListDto))]
[JsonSerializable(typeof(CreateUserDto))]
[JsonSerializable(typeof(PatchUserDto))]
[JsonSerializable(typeof(LoginCodeDto))]
[JsonSerializable(typeof(CreateTokenDto))]
[JsonSerializable(typeof(TokenListDto))]
[JsonSerializable(typeof(LoginListDto))]
[JsonSerializable(typeof(ApproveLoginDto))]
[JsonSerializable(typeof(PolicyDto))]
[JsonSerializable(typeof(PolicyTextDto))]
[JsonSerializable(typeof(PolicyTestDto))]
[JsonSerializable(typeof(SettingsDto))]
[JsonSerializable(typeof(PatchSettingsDto))]
[JsonSerializable(typeof(AuditListDto))]
[JsonSerializable(typeof(ServerDto))]
[JsonSerializable(typeof(NothingDto))]
internal sealed partial class CoordinatorJson : JsonSerializerContext;

/// <summary>A body without anything in it.</summary>
internal sealed record NothingDto;
