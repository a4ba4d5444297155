using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Makes slots of columns again, bit for bit: <see cref="SlotPacker"/>.</summary>
/// <remarks>One thread at a time. Allocates nothing once it is made.</remarks>
internal sealed unsafe class SlotUnpacker
{
    private const int HeadHalf = 5;

    private readonly PackedColumn[] _columns;
    private readonly byte*[] _bits;
    private readonly ulong[] _block = SlotColumns.NewBlock();

    public SlotUnpacker(int furtherWords)
    {
        FurtherWords = furtherWords;
        _columns = new PackedColumn[SlotPacker.FirstColumns + furtherWords];
        _bits = new byte*[_columns.Length];
    }

    /// <summary>The words beside each slot.</summary>
    public int FurtherWords { get; }

    /// <summary>Makes slots and their further words of what was packed.</summary>
    /// <returns>False where the bytes are no such columns.</returns>
    public bool TryUnpack(byte* payload, int payloadBytes, int count, EventSlot* slots, long* further)
    {
        if (!TryFindColumns(payload, payloadBytes, count))
            return false;
        var isOneHead = _columns[3] is { Form: ColumnForm.Choices, Choices: 1 };
        var head = isOneHead ? *(uint*)_bits[3] : 0;
        for (var done = 0; done < count; done += SlotColumns.BlockSlots)
        {
            var some = Math.Min(count - done, SlotColumns.BlockSlots);
            UnpackSlots(done, some, (long*)(slots + done), head);
            if (!isOneHead && !TryUnpackHeads(done, some, (uint*)(slots + done) + HeadHalf))
                return false;
        }

        for (var word = 0; word < FurtherWords; word++)
            UnpackWords(SlotPacker.FirstColumns + word, count, further + word);
        return true;
    }

    private static bool IsPossible(in PackedColumn column, int index) => index switch
    {
        2 => column is { Form: ColumnForm.Integers, IsOfNumbers: true },
        3 when column.Form == ColumnForm.Choices =>
            column.Bits <= 4 && column.Choices is > 0 and <= SlotPacker.MostChoices,
        3 => column is { Form: ColumnForm.Integers, IsOfNumbers: true },
        _ => column.IsOfNumbers,
    };

    private bool TryFindColumns(byte* payload, int payloadBytes, int count)
    {
        var end = payload + payloadBytes;
        for (var index = 0; index < _columns.Length; index++)
        {
            if (end - payload < PackedColumn.HeaderBytes)
                return false;
            ref var column = ref _columns[index];
            column = *(PackedColumn*)payload;
            if (!IsPossible(in column, index) || column.BytesFor(count) > end - payload)
                return false;
            _bits[index] = payload + PackedColumn.HeaderBytes;
            payload += column.BytesFor(count);
        }

        return payload == end;
    }

    private void Read(int column, int done, int count, ulong* numbers)
    {
        var bits = _columns[column].Bits;
        BitReader.Read(_bits[column], (long)done * bits, bits, numbers, count);
    }

    private void UnpackSlots(int done, int count, long* slot, uint head)
    {
        fixed (ulong* times = _block)
        {
            var measures = times + SlotColumns.BlockSlots;
            var keys = measures + SlotColumns.BlockSlots;
            Read(0, done, count, times);
            Read(1, done, count, measures);
            Read(2, done, count, keys);
            SlotColumns.Read(slot, count, in _columns[0], in _columns[1], in _columns[2], head, times, measures, keys);
        }

        WholeDouble.Restore(in _columns[0], slot, SlotColumns.SlotWords, count);
        WholeDouble.Restore(in _columns[1], slot + 1, SlotColumns.SlotWords, count);
    }

    private void UnpackWords(int index, int count, long* to)
    {
        ref readonly var column = ref _columns[index];
        var (unit, lowest) = (column.Unit, (ulong)column.Base);
        fixed (ulong* numbers = _block)
        {
            for (int done = 0, some; done < count; done += some)
            {
                some = Math.Min(count - done, SlotColumns.BlockSlots);
                Read(index, done, some, numbers);
                var first = to + ((long)done * FurtherWords);
                for (var word = 0; word < some; word++)
                    first[word * FurtherWords] = unchecked((long)((numbers[word] * unit) + lowest));
                WholeDouble.Restore(in column, first, FurtherWords, some);
            }
        }
    }

    private bool TryUnpackHeads(int done, int count, uint* to)
    {
        ref readonly var column = ref _columns[3];
        fixed (ulong* numbers = _block)
        {
            BitReader.Read(
                _bits[3] + column.ChoiceBytes, (long)done * column.Bits, column.Bits, numbers, count);
            var choices = column.Form == ColumnForm.Choices ? (uint*)_bits[3] : null;
            for (var slot = 0; slot < count; slot++, to += EventSlot.SizeBytes / sizeof(uint))
            {
                var number = numbers[slot];
                if (choices != null && number >= (ulong)column.Choices)
                    return false;
                *to = choices != null ? choices[number] : unchecked((uint)(number + (ulong)column.Base));
            }
        }

        return true;
    }
}
