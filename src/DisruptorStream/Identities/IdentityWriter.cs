using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DisruptorStream.Identities;

/// <summary>Writes what something is as bytes that depend on neither culture, machine nor order of making.</summary>
/// <remarks>
/// Every field has a mark of its type, and texts and lists have their length before them: different sequences of fields
/// never have the same bytes. Numbers are little endian.
/// </remarks>
internal sealed class IdentityWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    private enum Mark : byte
    {
        Number = 1,
        Text = 2,
        Missing = 3,
        List = 4,
    }

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>The XXH3-128 of what was written.</summary>
    public Fingerprint Fingerprint
    {
        get
        {
            var hash = XxHash128.HashToUInt128(Written);
            return new Fingerprint((ulong)(hash >> 64), (ulong)hash);
        }
    }

    public void Add(long value) => AddField(Mark.Number, value);

    /// <summary>A double by its bits.</summary>
    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    public void Add(bool value) => Add(value ? 1L : 0L);

    public void Add(string? text)
    {
        if (text is null)
        {
            AddField(Mark.Missing, 0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        AddField(Mark.Text, length);
        Encoding.UTF8.GetBytes(text, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    /// <summary>This many items follow.</summary>
    public void BeginList(int count) => AddField(Mark.List, count);

    /// <summary>A type by its name, without its assembly: a new version of it is the same type.</summary>
    public void Add(Type? type)
    {
        if (type is null)
        {
            AddField(Mark.Missing, 0);
            return;
        }

        var arguments = type.GetGenericArguments();
        var name = type.IsGenericType ? type.GetGenericTypeDefinition().FullName : type.FullName;
        Add(name ?? type.Name);
        BeginList(arguments.Length);
        foreach (var argument in arguments)
            Add(argument);
    }

    private void AddField(Mark mark, long value)
    {
        var span = _bytes.GetSpan(1 + sizeof(long));
        span[0] = (byte)mark;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], value);
        _bytes.Advance(1 + sizeof(long));
    }
}
