using System;
using System.Text;
using System.Text.Json;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Tailcfg.Tests;

/// <summary>The table of control-plane.md section 0, row by row.</summary>
public class WireRules
{
    const string SomeKey = "nodekey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765";

    static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    static string Write<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, type));

    [Fact]
    public void Names_are_read_in_any_case_as_tailscale_rs_writes_them()
    {
        RegisterRequest request = Read(
            $$$"""{"version":130,"nodekey":"{{{SomeKey}}}","HostInfo":{"IpnVersion":"1","Os":"linux","RoutableIps":["10.0.0.0/8"],"hostname":"a"}}""",
            TailcfgJson.Default.RegisterRequest);
        Assert.Equal(130, request.Version);
        Assert.Equal(NodePublicKey.Parse(SomeKey), request.NodeKey);
        Assert.Equal("linux", request.Hostinfo!.OS);
        Assert.Equal("1", request.Hostinfo.IPNVersion);
        Assert.Equal("10.0.0.0/8", Assert.Single(request.Hostinfo.RoutableIPs!));
    }

    [Fact]
    public void Names_are_written_exactly_as_Go_writes_them()
    {
        string json = Write(
            new MapResponse
            {
                Node = new Node { ID = 1, Addresses = ["100.64.0.1/32"], AllowedIPs = ["100.64.0.1/32"], HomeDERP = 9, Hostinfo = new Hostinfo { SshHostKeys = ["k"] } },
                DERPMap = new DerpMap { OmitDefaultRegions = true },
                DNSConfig = new DnsConfig { Proxied = true },
                PacketFilters = new System.Collections.Generic.Dictionary<string, System.Collections.Generic.IReadOnlyList<FilterRule>?>
                {
                    ["base"] = [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }], IPProto = [6] }],
                },
                CollectServices = false,
                Debug = new Debug { DisableLogTail = true },
            },
            TailcfgJson.Default.MapResponse);
        string zero = new('0', 64);
        Assert.Equal(
            """{"Node":{"ID":1,"StableID":"","Name":"","User":0,"Key":"nodekey:ZERO","Addresses":["100.64.0.1/32"],"AllowedIPs":["100.64.0.1/32"],"HomeDERP":9,"Hostinfo":{"sshHostKeys":["k"]}},"DERPMap":{"omitDefaultRegions":true},"DNSConfig":{"Proxied":true},"CollectServices":false,"PacketFilters":{"base":[{"SrcIPs":["*"],"DstPorts":[{"IP":"*","Ports":{"First":0,"Last":65535}}],"IPProto":[6]}]},"Debug":{"DisableLogTail":true}}"""
                .Replace("ZERO", zero),
            json);
    }

    [Fact]
    public void Unknown_fields_are_ignored() => Assert.True(Read("""{"Later":{"x":[1,{}]},"KeepAlive":true}""", TailcfgJson.Default.MapResponse).KeepAlive);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void Null_and_empty_lists_and_maps_are_accepted(string empty)
    {
        Node node = Read($$"""{"Addresses":{{empty}},"AllowedIPs":{{empty}},"Endpoints":{{empty}},"Tags":{{empty}},"PrimaryRoutes":{{empty}},"CapMap":null}""", TailcfgJson.Default.Node);
        Assert.Empty(node.Addresses ?? []);
        Assert.Null(node.CapMap);
    }

    [Fact]
    public void Nulls_inside_lists_never_reach_the_reader()
    {
        MapResponse frame = Read("""{"Peers":[null,{"ID":2,"Addresses":[null,"100.64.0.2/32"]},null],"UserProfiles":[null],"DERPMap":{"Regions":{"1":null}}}""", TailcfgJson.Default.MapResponse);
        Node peer = Assert.Single(frame.Peers!);
        Assert.Equal("100.64.0.2/32", Assert.Single(peer.Addresses!));
        Assert.Empty(frame.UserProfiles!);
        Assert.Null(frame.DERPMap!.Regions![1]);
    }

    [Fact]
    public void Null_strings_and_keys_read_as_empty_and_zero()
    {
        Node node = Read("""{"Name":null,"StableID":null,"Key":null,"Machine":"","DiscoKey":null}""", TailcfgJson.Default.Node);
        Assert.Equal("", node.Name);
        Assert.True(node.Key.IsZero && node.Machine.IsZero && node.DiscoKey.IsZero);
    }

    [Fact]
    public void Nothing_is_written_as_null_outside_the_register_response()
    {
        Assert.DoesNotContain("null", Write(new MapResponse { Node = new Node(), Peers = [new Node()] }, TailcfgJson.Default.MapResponse));
        Assert.Equal($$"""{"NodeKey":"nodekey:{{new string('0', 64)}}"}""", Write(new RegisterRequest(), TailcfgJson.Default.RegisterRequest));
    }

    [Fact]
    public void Every_member_of_the_register_response_is_written_because_tailscale_rs_has_no_defaults() => Assert.Equal(
        """{"User":{"ID":0,"DisplayName":""},"Login":{"ID":0,"Provider":"","LoginName":"","DisplayName":""},"NodeKeyExpired":false,"MachineAuthorized":false,"AuthURL":"","NodeKeySignature":null,"Error":""}""",
        Write(new RegisterResponse(), TailcfgJson.Default.RegisterResponse));

    [Fact]
    public void Both_members_of_the_key_reply_are_written()
    {
        string zero = new('0', 64);
        Assert.Equal($$"""{"legacyPublicKey":"mkey:{{zero}}","publicKey":"mkey:{{zero}}"}""", Write(new OverTlsPublicKeyResponse(), TailcfgJson.Default.OverTlsPublicKeyResponse));
    }

    [Fact]
    public void Strings_carry_no_escape_that_tailscale_rs_could_not_borrow() => Assert.Contains(
        "a+b&c<d>'é",
        Write(new Hostinfo { Hostname = "a+b&c<d>'é" }, TailcfgJson.Default.Hostinfo));

    [Theory]
    [InlineData("\"2026-01-25T18:31:27.550535802Z\"", 2026)]
    [InlineData("\"2026-01-25T18:31:27+02:00\"", 2026)]
    [InlineData("\"1970-01-01T00:02:03Z\"", 1970)]
    [InlineData("\"0001-01-01T00:00:00Z\"", null)]
    [InlineData("\"0001-01-01T00:00:00+01:00\"", null)]
    [InlineData("null", null)]
    public void Times_have_up_to_nine_fraction_digits_and_the_zero_time_means_not_set(string time, int? year) =>
        Assert.Equal(year, Read($$"""{"KeyExpiry":{{time}}}""", TailcfgJson.Default.Node).KeyExpiry?.Year);

    [Fact]
    public void Times_are_written_in_UTC() => Assert.Contains(
        "\"2026-11-23T12:00:00.5Z\"",
        Write(new Node { Created = new DateTimeOffset(2026, 11, 23, 14, 0, 0, 500, TimeSpan.FromHours(2)) }, TailcfgJson.Default.Node));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", null)]
    public void An_optional_bool_is_true_false_or_unset(string json, bool? value) =>
        Assert.Equal(value, Read($$"""{"Online":{{json}}}""", TailcfgJson.Default.Node).Online);

    [Fact]
    public void False_is_written_where_unset_would_mean_something_else() =>
        Assert.Equal("""{"NodeID":5,"Online":false}""", Write(new PeerChange { NodeID = 5, Online = false }, TailcfgJson.Default.MapResponse.Options.GetTypeInfo(typeof(PeerChange)) as System.Text.Json.Serialization.Metadata.JsonTypeInfo<PeerChange> ?? throw new InvalidOperationException()));

    [Fact]
    public void Maps_keyed_by_numbers_have_decimal_strings_and_ids_may_exceed_two_to_the_53()
    {
        const string json = """{"PeerSeenChange":{"9007199254740993":true},"OnlineChange":{"9007199254740993":false}}""";
        MapResponse frame = Read(json, TailcfgJson.Default.MapResponse);
        Assert.False(frame.OnlineChange![9007199254740993]);
        Assert.Equal(json, Write(frame, TailcfgJson.Default.MapResponse));
    }

    [Fact]
    public void Bytes_are_padded_base64_and_may_be_null()
    {
        Assert.Equal("GET"u8.ToArray(), Read("""{"PingRequest":{"Payload":"R0VU"}}""", TailcfgJson.Default.MapResponse).PingRequest!.Payload);
        Assert.Null(Read("""{"PingRequest":{"Payload":null}}""", TailcfgJson.Default.MapResponse).PingRequest!.Payload);
    }

    [Fact]
    public void A_capability_keeps_its_raw_json()
    {
        Node node = Read("""{"CapMap":{"a":null,"b":[{"x":[1,"é"]},2]}}""", TailcfgJson.Default.Node);
        Assert.Null(node.CapMap!["a"]);
        Assert.Contains("""[{"x":[1,"é"]},2]""", Write(node, TailcfgJson.Default.Node));
    }

    [Fact]
    public void An_auth_key_is_sent_but_never_printed()
    {
        RegisterRequest request = new() { Auth = new RegisterAuth { AuthKey = "hskey-auth-secret" } };
        Assert.Contains("hskey-auth-secret", Write(request, TailcfgJson.Default.RegisterRequest));
        Assert.DoesNotContain("secret", request.ToString());
    }
}
