using System.Runtime.CompilerServices;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Puts numbers of so many bits one behind the other, the first in the lowest bits.</summary>
internal unsafe struct BitWriter
{
    // With the bits before it in its byte, such a number is less than a word: so fewer than eight bytes are whole.
    private const int MostBitsAtOnce = 56;

    private readonly byte* _from;
    private readonly byte* _end;
    private readonly int _bits;
    private readonly int _levels;

    // Where the next number begins; and the bits before it in its byte, which are written with it.
    private long _bit;
    private ulong _carry;

    /// <param name="from">Where the numbers go.</param>
    /// <param name="end">Behind the words of 8 bytes that they take, and the one more.</param>
    /// <param name="bits">Of a number, 0 to 64; all higher bits of each are zero.</param>
    public BitWriter(byte* from, byte* end, int bits)
    {
        _from = from;
        _end = end;
        _bits = bits;
        _levels = bits == 0 ? 0 : BitFolding.LevelsOf(bits, MostBitsAtOnce);
    }

    /// <param name="numbers">The numbers: of no use when it is done.</param>
    /// <param name="count">How many.</param>
    public void Write(ulong* numbers, int count)
    {
        if (_bits == 0)
            return;
        var rest = count & ((1 << _levels) - 1);
        var folded = count - rest;
        for (var level = 0; level < _levels; level++, folded /= 2)
            BitFolding.Fold(numbers, folded, _bits << level);
        WriteOnes(numbers, folded, _bits << _levels);
        WriteOnes(numbers + count - rest, rest, _bits);
    }

    /// <summary>Writes what is left, and zeros up to the end.</summary>
    public readonly void Finish()
    {
        if (_bits == 0)
            return;
        var at = _from + (_bit >> 3);
        *(ulong*)at = _carry;
        new Span<byte>(at + sizeof(ulong), (int)(_end - at) - sizeof(ulong)).Clear();
    }

    // What is written last of a number is written again with the next one: no branch, and one store for each.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteOnes(ulong* numbers, int count, int bits)
    {
        if (bits > MostBitsAtOnce)
        {
            WriteWide(numbers, count, bits);
            return;
        }

        var (bit, carry, from) = (_bit, _carry, (nint)_from);
        for (var end = numbers + count; numbers < end; numbers++)
        {
            var at = bit >> 3;
            var word = (*numbers << (int)(bit & 7)) | carry;
            *(ulong*)(from + (nint)at) = word;
            bit += bits;
            carry = word >> (int)(((bit >> 3) - at) << 3);
        }

        (_bit, _carry) = (bit, carry);
    }

    private void WriteWide(ulong* numbers, int count, int bits)
    {
        for (var index = 0; index < count; index++)
        {
            var at = _bit >> 3;
            var words = ((UInt128)numbers[index] << (int)(_bit & 7)) | _carry;
            *(ulong*)(_from + at) = (ulong)words;
            _bit += bits;
            _carry = (ulong)(words >> (int)(((_bit >> 3) - at) << 3));
        }
    }
}
