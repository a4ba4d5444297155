using System.Buffers;
using System.Text;
using System.Text.Json;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Tests.Testing;

namespace DisruptorStream.Cluster.Tests.Formats;

/// <summary>Events as lines of JSON.</summary>
public sealed class JsonLineFormatTests
{
    [Fact]
    public void Write_ByReflectionAndByAContext_GiveWhatBothRead()
    {
        var call = new Call("acme", 7, 0.5);
        JsonLineFormat<Call>[] formats = [new(JsonSerializerOptions.Default), new(CallContext.Default.Call)];
        foreach (var format in formats)
        {
            var body = new ArrayBufferWriter<byte>();
            format.Write(call, body);
            format.Write(call with { Ticks = 8 }, body);
            foreach (var other in formats)
            {
                var read = new List<Call>();
                other.Read(body.WrittenMemory, read);
                Assert.Equal([call, call with { Ticks = 8 }], read);
            }
        }
    }

    [Fact]
    public void Options_AreFollowed()
    {
        var body = new ArrayBufferWriter<byte>();
        new JsonLineFormat<Call>(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper })
            .Write(new Call("acme", 7, 0.5), body);
        Assert.Equal("""{"TENANT":"acme","TICKS":7,"COST":0.5}""" + "\n", Encoding.UTF8.GetString(body.WrittenSpan));
    }

    [Fact]
    public void Options_ThatCannotBe_AreRefused()
    {
        Assert.Throws<ArgumentException>(
            () => new JsonLineFormat<Call>(new JsonSerializerOptions { WriteIndented = true }));
        Assert.Throws<ArgumentNullException>(() => new JsonLineFormat<Call>((JsonSerializerOptions)null!));
    }
}
