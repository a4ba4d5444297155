using System.Numerics;

namespace DisruptorStream.State.Memory;

/// <summary>A set of key ids as a two-level bitmap: one bit per id, and one bit per word of those.</summary>
/// <remarks>One thread. It grows to the highest id that it has seen and allocates nothing after that.</remarks>
internal sealed class KeySet
{
    private const int BitsPerWord = 64;

    private ulong[] _words = new ulong[BitsPerWord];
    private ulong[] _summary = new ulong[1];

    public void Add(int keyId) => AddWord(keyId / BitsPerWord, 1UL << keyId);

    /// <summary>Adds up to 64 ids at once: bit i stands for the id 64 × <paramref name="wordIndex"/> + i.</summary>
    public void AddWord(int wordIndex, ulong bits)
    {
        if (bits == 0)
            return;

        if (wordIndex >= _words.Length)
            Grow(wordIndex);
        _words[wordIndex] |= bits;
        _summary[wordIndex / BitsPerWord] |= 1UL << wordIndex;
    }

    public bool Contains(int keyId) =>
        keyId / BitsPerWord < _words.Length && (_words[keyId / BitsPerWord] >> keyId & 1) != 0;

    /// <summary>The smallest id in the set that is at least <paramref name="fromKeyId"/>, or -1.</summary>
    public int NextKey(int fromKeyId)
    {
        var wordIndex = fromKeyId / BitsPerWord;
        if (wordIndex >= _words.Length)
            return -1;

        var bits = _words[wordIndex] & (ulong.MaxValue << fromKeyId);
        if (bits == 0)
        {
            wordIndex = NextWord(wordIndex + 1);
            if (wordIndex < 0)
                return -1;
            bits = _words[wordIndex];
        }

        return (wordIndex * BitsPerWord) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>Empties the set, at a cost proportional to what it holds (and 1/4096 of the highest id).</summary>
    public void Clear()
    {
        for (var index = 0; index < _summary.Length; index++)
        {
            for (var bits = _summary[index]; bits != 0; bits &= bits - 1)
                _words[(index * BitsPerWord) + BitOperations.TrailingZeroCount(bits)] = 0;
            _summary[index] = 0;
        }
    }

    /// <summary>Adds every id of this set to the other.</summary>
    public void UnionInto(KeySet other)
    {
        for (var index = 0; index < _summary.Length; index++)
        {
            for (var bits = _summary[index]; bits != 0; bits &= bits - 1)
            {
                var word = (index * BitsPerWord) + BitOperations.TrailingZeroCount(bits);
                other.AddWord(word, _words[word]);
            }
        }
    }

    private int NextWord(int fromWordIndex)
    {
        var index = fromWordIndex / BitsPerWord;
        if (index >= _summary.Length)
            return -1;

        var bits = _summary[index] & (ulong.MaxValue << fromWordIndex);
        while (bits == 0)
        {
            if (++index == _summary.Length)
                return -1;
            bits = _summary[index];
        }

        return (index * BitsPerWord) + BitOperations.TrailingZeroCount(bits);
    }

    private void Grow(int wordIndex)
    {
        var summaryLength = (int)BitOperations.RoundUpToPowerOf2((uint)(wordIndex / BitsPerWord) + 1);
        Array.Resize(ref _summary, summaryLength);
        Array.Resize(ref _words, summaryLength * BitsPerWord);
    }
}
