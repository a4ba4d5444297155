using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Writes slots as columns of few bits, and makes slots of them again, bit for bit.</summary>
/// <remarks>
/// <para>The columns: times, first measures, keys, heads (source, kind and reason), and each further word. A column
/// is a <see cref="PackedColumn"/>: differences to the lowest value in as few bits as the largest needs. Measures
/// that are all whole numbers are taken as integers; heads are few different ones, as a rule, which are listed.</para>
/// <para>One thread at a time. Allocates nothing once it is made.</para>
/// </remarks>
internal sealed unsafe class SlotPacker
{
    private const int MostChoices = 16;
    private const int FirstColumns = 4;
    private const int TimeOffset = 0;
    private const int MeasureOffset = 8;
    private const int KeyOffset = 16;
    private const int HeadOffset = 20;

    private readonly PackedColumn[] _columns;
    private readonly uint[] _heads = new uint[MostChoices];

    public SlotPacker(int furtherWords)
    {
        FurtherWords = furtherWords;
        _columns = new PackedColumn[FirstColumns + furtherWords];
    }

    /// <summary>The words beside each slot.</summary>
    public int FurtherWords { get; }

    /// <summary>Decides how slots are packed; <see cref="Pack"/> does it.</summary>
    /// <returns>How many bytes they take.</returns>
    public long Plan(in EventView slots)
    {
        var slot = (byte*)slots.Slots;
        var count = slots.Count;
        _columns[0] = Range<Int64Value>(ColumnForm.Integers, slot + TimeOffset, EventSlot.SizeBytes, count);
        _columns[1] = PlanWords(slot + MeasureOffset, EventSlot.SizeBytes, count);
        _columns[2] = Range<Int32Value>(ColumnForm.Integers, slot + KeyOffset, EventSlot.SizeBytes, count);
        _columns[3] = PlanHeads(slot + HeadOffset, count);
        for (var word = 0; word < FurtherWords; word++)
        {
            _columns[FirstColumns + word] = PlanWords(
                (byte*)(slots.FurtherMeasures + word), FurtherWords * sizeof(long), count);
        }

        var bytes = 0L;
        foreach (var column in _columns)
            bytes += column.BytesFor(count);
        return bytes;
    }

    /// <summary>Packs the slots that <see cref="Plan"/> was asked about last.</summary>
    public void Pack(in EventView slots, byte* payload)
    {
        var slot = (byte*)slots.Slots;
        var count = slots.Count;
        payload = PackColumn(_columns[0], slot + TimeOffset, EventSlot.SizeBytes, count, payload);
        payload = PackColumn(_columns[1], slot + MeasureOffset, EventSlot.SizeBytes, count, payload);
        *(PackedColumn*)payload = _columns[2];
        _columns[2].Pack<Int32Value>(
            slot + KeyOffset, EventSlot.SizeBytes, count, (ulong*)(payload + PackedColumn.HeaderBytes));
        payload += _columns[2].BytesFor(count);
        payload = PackHeads(slot + HeadOffset, count, payload);
        for (var word = 0; word < FurtherWords; word++)
        {
            payload = PackColumn(
                _columns[FirstColumns + word],
                (byte*)(slots.FurtherMeasures + word),
                FurtherWords * sizeof(long),
                count,
                payload);
        }
    }

    /// <summary>Makes slots and their further words of what was packed.</summary>
    /// <returns>False where the bytes are no such columns.</returns>
    public bool TryUnpack(byte* payload, int payloadBytes, int count, EventSlot* slots, long* further)
    {
        var end = payload + payloadBytes;
        for (var index = 0; index < _columns.Length; index++)
        {
            if (end - payload < PackedColumn.HeaderBytes)
                return false;
            var column = *(PackedColumn*)payload;
            if (!IsPossible(in column, index) || column.BytesFor(count) > end - payload)
                return false;
            var bits = payload + PackedColumn.HeaderBytes;
            var slot = (byte*)slots;
            var isRight = index switch
            {
                0 => Unpack(in column, bits, count, slot + TimeOffset, EventSlot.SizeBytes),
                1 => Unpack(in column, bits, count, slot + MeasureOffset, EventSlot.SizeBytes),
                2 => UnpackInt32(in column, bits, count, slot + KeyOffset),
                3 => UnpackHeads(in column, bits, count, slot + HeadOffset),
                _ => Unpack(
                    in column, bits, count, (byte*)(further + index - FirstColumns), FurtherWords * sizeof(long)),
            };
            if (!isRight)
                return false;
            payload += column.BytesFor(count);
        }

        return payload == end;
    }

    private static PackedColumn Range<TValue>(ColumnForm form, byte* from, nint strideBytes, int count)
        where TValue : struct, IColumnValue
    {
        var lowest = TValue.Read(from);
        var highest = lowest;
        for (var index = 1; index < count; index++)
        {
            from += strideBytes;
            var value = TValue.Read(from);
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        return PackedColumn.Between(form, lowest, highest);
    }

    private static PackedColumn PlanWords(byte* from, nint strideBytes, int count)
    {
        var integers = Range<Int64Value>(ColumnForm.Integers, from, strideBytes, count);
        var at = from;
        for (var index = 0; index < count; index++, at += strideBytes)
        {
            if (!WholeDoubleValue.IsWhole(at))
                return integers;
        }

        var doubles = Range<WholeDoubleValue>(ColumnForm.WholeDoubles, from, strideBytes, count);
        return doubles.Bits < integers.Bits ? doubles : integers;
    }

    private static byte* PackColumn(in PackedColumn column, byte* from, nint strideBytes, int count, byte* payload)
    {
        *(PackedColumn*)payload = column;
        var bits = (ulong*)(payload + PackedColumn.HeaderBytes);
        if (column.Form == ColumnForm.WholeDoubles)
            column.Pack<WholeDoubleValue>(from, strideBytes, count, bits);
        else
            column.Pack<Int64Value>(from, strideBytes, count, bits);
        return payload + column.BytesFor(count);
    }

    private static bool Unpack(in PackedColumn column, byte* bits, int count, byte* to, nint strideBytes)
    {
        if (column.Form == ColumnForm.WholeDoubles)
            column.Unpack<WholeDoubleValue>((ulong*)bits, count, to, strideBytes);
        else
            column.Unpack<Int64Value>((ulong*)bits, count, to, strideBytes);
        return true;
    }

    private static bool UnpackInt32(in PackedColumn column, byte* bits, int count, byte* to)
    {
        column.Unpack<Int32Value>((ulong*)bits, count, to, EventSlot.SizeBytes);
        return true;
    }

    private static bool UnpackHeads(in PackedColumn column, byte* bits, int count, byte* to)
    {
        if (column.Form != ColumnForm.Choices)
            return UnpackInt32(in column, bits, count, to);
        var choices = (uint*)bits;
        var from = (ulong*)(bits + column.ChoiceBytes);
        var mask = (1UL << column.Bits) - 1;
        var bit = 0L;
        for (var index = 0; index < count; index++, bit += column.Bits, to += EventSlot.SizeBytes)
        {
            var choice = column.ReadBits(from, bit, mask);
            if (choice >= (ulong)column.Choices)
                return false;
            *(uint*)to = choices[choice];
        }

        return true;
    }

    private static bool IsPossible(in PackedColumn column, int index) => column.Form switch
    {
        ColumnForm.Integers => column.Bits <= PackedColumn.WordBits && column.Choices == 0,
        ColumnForm.WholeDoubles => column.Bits <= PackedColumn.WordBits && column.Choices == 0 && index is not (2 or 3),
        ColumnForm.Choices => index == 3 && column.Bits <= 4 && column.Choices is > 0 and <= MostChoices,
        _ => false,
    };

    // The commonest head is found at once: the one that the slot before has.
    private PackedColumn PlanHeads(byte* from, int count)
    {
        var choices = 0;
        var last = ~*(uint*)from;
        var at = from;
        for (var index = 0; index < count; index++, at += EventSlot.SizeBytes)
        {
            var head = *(uint*)at;
            if (head == last)
                continue;
            last = head;
            if (_heads.AsSpan(0, choices).Contains(head))
                continue;
            if (choices == MostChoices)
                return Range<Int32Value>(ColumnForm.Integers, from, EventSlot.SizeBytes, count);
            _heads[choices++] = head;
        }

        var column = PackedColumn.Between(ColumnForm.Choices, 0, choices - 1);
        column.Choices = choices;
        return column;
    }

    private byte* PackHeads(byte* from, int count, byte* payload)
    {
        var column = _columns[3];
        *(PackedColumn*)payload = column;
        var bits = payload + PackedColumn.HeaderBytes;
        if (column.Form != ColumnForm.Choices)
        {
            column.Pack<Int32Value>(from, EventSlot.SizeBytes, count, (ulong*)bits);
            return payload + column.BytesFor(count);
        }

        new Span<byte>(bits, (int)(column.BytesFor(count) - PackedColumn.HeaderBytes)).Clear();
        var choices = _heads.AsSpan(0, column.Choices);
        choices.CopyTo(new Span<uint>(bits, column.Choices));
        var to = (ulong*)(bits + column.ChoiceBytes);
        if (column.Bits == 0)
            return payload + column.BytesFor(count);
        var bit = 0L;
        for (var index = 0; index < count; index++, bit += column.Bits, from += EventSlot.SizeBytes)
        {
            var choice = (ulong)choices.IndexOf(*(uint*)from);
            var shift = (int)(bit % PackedColumn.WordBits);
            var word = to + (bit / PackedColumn.WordBits);
            word[0] |= choice << shift;
            word[1] |= (choice >> 1) >> (PackedColumn.WordBits - 1 - shift);
        }

        return payload + column.BytesFor(count);
    }
}
