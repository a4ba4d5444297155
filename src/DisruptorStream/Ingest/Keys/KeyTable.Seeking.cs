using System.Runtime.CompilerServices;
using System.Text;
using DisruptorStream.Ingest.Keys.Probes;

namespace DisruptorStream.Ingest.Keys;

/// <content>Looking for a key before the claim: what was seen is kept, or looked up again, inside of it.</content>
internal sealed partial class KeyTable<TKey>
{
    /// <summary>
    /// Finds a key without keeping it: needs no claim. What it misses, and a new key, <c>Intern</c> finds or adds.
    /// </summary>
    public SeenKey Seek(TKey key)
    {
        ThrowIfNull(key);
        if (Texts is { } texts)
            return new SeenKey(texts.Find(Unsafe.As<TKey, string>(ref key), out var word), word);
        return DirectIds.TryCode(key, out var code) ? Seek(key, code) : Seek(new ExactProbe<TKey>(key));
    }

    /// <inheritdoc cref="Seek(TKey)"/>
    /// <exception cref="InvalidOperationException">The keys of this table are not strings.</exception>
    public SeenKey Seek(ReadOnlySpan<char> key)
    {
        ThrowUnlessText();
        return new SeenKey(Texts!.Find(key, StableHash.Of(key), out var word), word);
    }

    /// <summary>As <see cref="Seek(TKey)"/>; does not look for a long key.</summary>
    /// <inheritdoc cref="Seek(ReadOnlySpan{char})" path="/exception"/>
    public SeenKey Seek(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > StackChars)
            return default;
        Span<char> chars = stackalloc char[StackChars];
        return Seek((ReadOnlySpan<char>)chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    /// <summary>
    /// The id of a key that was seen before, if the claim that the caller holds keeps it; -1 if not, or if nothing was
    /// seen.
    /// </summary>
    public int Keep(SeenKey seen) => seen.IsFound && EntryAt(seen.Id).IsLiveSince(seen.Word) ? seen.Id : -1;

    private SeenKey Seek(TKey key, uint code)
    {
        // What is found directly need not be looked for before; what could be is from now on.
        if (DirectIds.Find(_direct.Slots, code) >= 0)
            return default;
        var seen = Seek(new ExactProbe<TKey>(key));
        if (seen.IsFound)
            File(seen.Id, code);
        return seen;
    }

    private SeenKey Seek<TProbe>(scoped TProbe probe)
        where TProbe : struct, IKeyProbe, allows ref struct
    {
        var id = Find(probe.Hash(), probe, out var word);
        return new SeenKey(id, word);
    }
}
