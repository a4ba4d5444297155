using System.Buffers;
using CsCheck;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Ingest.Keys.Entries;

public sealed class KeyDirectoryTests
{
    private static readonly IKeyCodec<string> Codec = KeyCodecs.Require<string>();

    /// <summary>Ids are dense, the one released last comes first, and a loaded directory goes on so.</summary>
    [Fact]
    public void Take_AnyHistory_GivesTheIdsOfTheModelAlsoAfterSaveAndLoad() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40]).Array[1, 120].Select(Gen.Int[1, 30]).Sample((acts, most) =>
        {
            var directory = new KeyDirectory<string>(most);
            var (live, dead, free) = (new Dictionary<int, string>(), new HashSet<int>(), new Stack<int>());
            var range = 0;
            var number = 0;
            foreach (var (act, pick) in acts)
            {
                Assert.Equal(free.Count == 0 && range == most, directory.IsFull);
                if (act < 5 && !directory.IsFull)
                {
                    var expected = free.Count > 0 ? free.Pop() : range++;
                    Assert.Equal(expected, directory.NextId);
                    Assert.Equal(expected, directory.Take());
                    directory.Occupy(expected, $"key {++number}", hash: 5);
                    live.Add(expected, $"key {number}");
                }
                else if (act < 7 && live.Count > 0)
                {
                    var id = live.Keys.Order().ElementAt(pick % live.Count);
                    Assert.False(directory.TryKill(id));
                    Assert.True(directory.EntryAt(id).TryMarkRetiring());
                    Assert.True(directory.TryKill(id));
                    Assert.Equal(live[id], directory.KeyOf(id));
                    live.Remove(id);
                    dead.Add(id);
                }
                else if (act < 9 && dead.Count > 0)
                {
                    var id = dead.Order().ElementAt(pick % dead.Count);
                    directory.Release(id);
                    dead.Remove(id);
                    free.Push(id);
                }
                else if (act == 9)
                {
                    directory = Loaded(directory, most);
                }

                Assert.Equal((live.Count, range), (directory.Count, directory.IdRange));
                Assert.Equal(number, directory.DefinedCount);
                Assert.All(free, id => Assert.Equal(-1, directory.OrdinalOf(id)));
                foreach (var (id, key) in live)
                {
                    Assert.Equal(key, directory.KeyOf(id));
                    Assert.Equal(key, $"key {directory.OrdinalOf(id) + 1}");
                }
            }
        });

    [Fact]
    public void Release_IdThatStandsForAKey_IsRefused()
    {
        var directory = new KeyDirectory<string>(2);
        directory.Occupy(directory.Take(), "a", 0);

        Assert.Throws<InvalidOperationException>(() => directory.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDirectory<string>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDirectory<string>((1 << 30) + 1));
    }

    [Fact]
    public void Release_IdIsUsedAgain_IsOfTheNextGeneration()
    {
        var directory = new KeyDirectory<string>(2);
        directory.Occupy(directory.Take(), "a", 0);
        var before = directory.EntryAt(0).Generation;
        directory.Retire(0);
        directory.Release(0);

        directory.Define(0, "b", before + 1, ordinal: 1);

        Assert.Equal((before + 1, "b", 1), (directory.EntryAt(0).Generation, directory.KeyOf(0), directory.Count));
    }

    [Fact]
    public void EntryAt_MoreThanAChunk_KeepsThoseBefore()
    {
        var directory = new KeyDirectory<string>(5000);
        for (var id = 0; id < 5000; id++)
            directory.Occupy(directory.Take(), $"{id}", 0);

        var keys = new string[3];
        directory.CopyKeys([0, 1024, 4999], keys);
        Assert.Equal(["0", "1024", "4999"], keys);
        Assert.True(directory.IsFull);
    }

    [Theory]
    [InlineData((byte)IdentityKind.KeyDefined, 2, 0u, "the next one is 1")]
    [InlineData((byte)IdentityKind.KeyDefined, 0, 0u, "the next one is 1")]
    [InlineData((byte)IdentityKind.KeyIdAdded, 3, 0u, "the next one is 1")]
    [InlineData((byte)IdentityKind.KeyRetired, 7, 0u, "no such key")]
    [InlineData((byte)IdentityKind.KeyReleased, 0, 1u, "no key with it was retired")]
    [InlineData((byte)IdentityKind.KeyReleased, 9, 1u, "no key with it was retired")]
    [InlineData((byte)IdentityKind.SourceNamed, 0, 0u, "is no key's")]
    public void Apply_RecordThatDoesNotFollow_IsRefusedAndSaysWhy(
        byte kind, int id, uint generation, string expected)
    {
        var directory = new KeyDirectory<string>(5);
        directory.Define(0, "a", 0, ordinal: 0);
        var body = new ArrayBufferWriter<byte>();
        Codec.Write("b", body);

        var thrown = Assert.Throws<StateException>(
            () => directory.Apply(Record((IdentityKind)kind, id, generation, body.WrittenSpan), Codec));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrowUnlessWhole_FreeIdIsNotListed_IsRefused()
    {
        var directory = new KeyDirectory<string>(5);
        directory.Apply(Record(IdentityKind.KeyIdAdded, 0, 3), Codec);

        Assert.Throws<StateException>(directory.ThrowUnlessWhole);
        directory.Apply(Record(IdentityKind.KeyReleased, 0, 3), Codec);
        directory.ThrowUnlessWhole();
        Assert.Equal(0, directory.NextId);
    }

    private static IdentityRecord Record(
        IdentityKind kind, int id, uint generation, ReadOnlySpan<byte> body = default) =>
        new() { Kind = kind, Sequence = 0, Number = id, Generation = generation, Body = body };

    private static KeyDirectory<string> Loaded(KeyDirectory<string> saved, int most)
    {
        var output = new ArrayBufferWriter<byte>();
        saved.Save(output, Codec);
        var loaded = new KeyDirectory<string>(most);
        for (var rest = output.WrittenSpan; !rest.IsEmpty;)
            loaded.Apply(IdentityRecord.Read(ref rest), Codec);

        loaded.ThrowUnlessWhole();
        return loaded;
    }
}
