using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Tests.Input.Values;

public sealed class KeyComposerTests
{
    [Fact]
    public void Split_WhatWasComposed_GivesThePartsBack() =>
        Gen.String[Gen.Char['\u001D', '!'], 0, 6].Array[2, 4].Sample(parts =>
        {
            var fields = new FieldTable(parts.Length);
            fields.Clear();
            for (var i = 0; i < parts.Length; i++)
                fields.Set(i, Encoding.UTF8.GetBytes(parts[i]));
            var composer = new KeyComposer(null);
            composer.Compose(fields, Enumerable.Range(0, parts.Length).ToArray());
            return KeyComposer.Split(Encoding.UTF8.GetString(composer.Key), parts.Length).SequenceEqual(parts);
        });
}
