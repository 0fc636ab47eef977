using System;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Mqtt.Access;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Access;

/// <summary>Passwords, the file they stand in, and how often one may guess.</summary>
public class LoginTests
{
    static readonly IPAddress Here = IPAddress.Parse("100.64.0.7"), There = IPAddress.Parse("100.64.0.8");

    static readonly MqttUser Ann = new("ann", PasswordHash.Make("right"u8), ["#"], []);

    [Fact]
    public void A_hash_is_Argon2id_and_knows_its_password_alone()
    {
        Assert.StartsWith("$argon2id$v=19$m=7168,t=5,p=1$", Ann.PasswordHash, StringComparison.Ordinal);
        Assert.True(PasswordHash.Verify(Ann.PasswordHash, "right"u8));
        Assert.False(PasswordHash.Verify(Ann.PasswordHash, "wrong"u8));
        Assert.NotEqual(Ann.PasswordHash, PasswordHash.Make("right"u8));
    }

    // The reference implementation's own known answer for Argon2id, t = 2, m = 64 MiB, p = 1: phc-winner-argon2, src/test.c.
    [Fact]
    public void A_hash_of_another_implementation_is_understood() => Assert.True(PasswordHash.Verify(
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"u8));

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("$argon2i$v=19$m=7168,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=4194304,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=7168,t=5000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-1,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    public void Hashes_that_ask_for_too_much_or_are_none_are_refused(string hash) => Assert.False(PasswordHash.IsWellFormed(hash));

    [Fact]
    public void No_text_makes_a_hash_fall_over() => Gen.String.Sample(text => !PasswordHash.Verify("$argon2id$" + text, "x"u8));

    [Theory]
    [InlineData("ann", "line 2 has no colon")]
    [InlineData("ann:secret", "line 2 has no hash")]
    [InlineData("an n:$argon2id$", "line 2 has no name")]
    public void A_line_that_is_wrong_is_named_and_not_shown(string line, string says)
    {
        FaultException fault = Assert.Throws<FaultException>(() => PasswordFile.Parse("# users\n" + line, "users"));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_users_is_read()
    {
        Assert.Equal(Ann.PasswordHash, PasswordFile.Parse($"\n# people\nann:{Ann.PasswordHash}\r\n", "users")["ann"]);
        Assert.Contains("second time", Assert.Throws<FaultException>(() => PasswordFile.Parse($"a:{Ann.PasswordHash}\na:{Ann.PasswordHash}", "users")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_within_a_minute_are_enough_for_one_address()
    {
        ManualTime time = new();
        using LoginGate gate = new(time);
        for (int i = 0; i < LoginGate.MostFailures; i++)
        {
            Assert.Equal(LoginResult.Wrong, await gate.CheckAsync(i % 2 == 0 ? Ann : null, Encoding.ASCII.GetBytes("guess" + i), Here));
        }

        Assert.Equal(LoginResult.TooMany, await gate.CheckAsync(Ann, "right"u8.ToArray(), Here));
        Assert.Equal(LoginResult.Welcome, await gate.CheckAsync(Ann, "right"u8.ToArray(), There));

        // Known by now, so that it costs nothing: the guesser locks nobody out.
        Assert.Equal(LoginResult.Welcome, await gate.CheckAsync(Ann, "right"u8.ToArray(), Here));
        Assert.Equal(LoginResult.TooMany, await gate.CheckAsync(Ann, "guess"u8.ToArray(), Here));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(LoginResult.Wrong, await gate.CheckAsync(Ann, "guess"u8.ToArray(), Here));
    }

    [Fact]
    public async Task A_changed_password_is_not_known_from_before()
    {
        using LoginGate gate = new(new ManualTime());
        Assert.Equal(LoginResult.Welcome, await gate.CheckAsync(Ann, "right"u8.ToArray(), Here));
        Assert.Equal(LoginResult.Wrong, await gate.CheckAsync(Ann with { PasswordHash = PasswordHash.Make("new"u8) }, "right"u8.ToArray(), Here));
    }

    [Fact]
    public void Rights_name_the_user_they_are_for()
    {
        AccessList list = new([Ann with { Read = ["home/%u/#"], Write = ["home/%u/set"] }], null);
        MqttUser ann = list.Find("ann")!;
        Assert.True(AccessList.MayRead(ann, "home/ann/x"));
        Assert.False(AccessList.MayRead(ann, "home/+/x"));
        Assert.True(AccessList.MayWrite(ann, "home/ann/set"));
        Assert.False(AccessList.MayWrite(ann, "home/bob/set"));
        Assert.Null(list.Find("bob"));
        Assert.Null(list.Find(""));
    }
}
