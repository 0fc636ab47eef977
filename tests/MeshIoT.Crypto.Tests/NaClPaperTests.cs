using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>The worked example of Bernstein, "Cryptography in NaCl" (2009), sections 4 to 9.</summary>
public class NaClPaperTests
{
    [Fact]
    public void The_example_of_the_paper_boxes_and_opens()
    {
        byte[] alice = Hex.Of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bobPublic = Hex.Of("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        byte[] nonce = Hex.Of("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        byte[] text = Hex.Of("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");
        const string Expected = "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5";
        byte[] shared = new byte[32], box = new byte[text.Length + 16], opened = new byte[text.Length];
        Assert.True(NaClBox.Precompute(new PortableSuite(), alice, bobPublic, shared));
        Assert.Equal("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389", Hex.From(shared));
        NaClBox.Seal(shared, nonce, 0, text, 0, text.Length, box, 0);
        Assert.Equal(Expected, Hex.From(box));
        Assert.True(NaClBox.Open(shared, nonce, 0, box, 0, box.Length, opened, 0));
        Assert.Equal(text, opened);
    }
}
