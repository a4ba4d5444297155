using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>The parts of a tuple, each with its codec. A tuple inside of a tuple is a part with parts.</summary>
/// <remarks>
/// Parts are read and set by reflection, as no type can be made at run time where code is compiled ahead of time. A
/// record with a generated codec needs none.
/// </remarks>
internal sealed class TupleParts
{
    private readonly Part[] _parts;

    private TupleParts(Part[] parts)
    {
        _parts = parts;
        Name = $"({string.Join(",", Array.ConvertAll(parts, part => part.Nested?.Name ?? part.Codec!.Name))})";
    }

    public string Name { get; }

    /// <summary>Whether the type is a tuple that is a value.</summary>
    public static bool IsTuple(Type type) =>
        type.IsValueType && type.IsGenericType && typeof(ITuple).IsAssignableFrom(type);

    /// <summary>The parts of a tuple; null where one of them has no codec, with the reason.</summary>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,,>))]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "The fields of all tuples are kept by the attributes above.")]
    public static TupleParts? Find(Type type, out string reason)
    {
        reason = "";
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);

        // Item1 to Item7, then Rest: the order of the names, which reflection does not promise.
        Array.Sort(fields, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var parts = new Part[fields.Length];
        for (var index = 0; index < fields.Length; index++)
        {
            var field = fields[index];
            if (IsTuple(field.FieldType))
                parts[index] = new Part(field, null, Find(field.FieldType, out reason));
            else
                parts[index] = new Part(field, PartCodec.Find(field.FieldType, out reason), null);
            if (parts[index] is not { Codec: null, Nested: null })
                continue;
            reason = $"{field.Name} of {type} has none: {reason}";
            return null;
        }

        return new TupleParts(parts);
    }

    /// <summary>The same parts with other codecs; null where one has none.</summary>
    /// <param name="codecOf">The codec of parts of a type; null where they have none.</param>
    public TupleParts? Over(Func<Type, IKeyCodec?> codecOf)
    {
        var parts = new Part[_parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            var part = _parts[index];
            parts[index] = part.Nested is { } nested
                ? part with { Nested = nested.Over(codecOf) }
                : part with { Codec = codecOf(part.Field.FieldType) };
            if (parts[index] is { Codec: null, Nested: null })
                return null;
        }

        return new TupleParts(parts);
    }

    public void Write(object tuple, IBufferWriter<byte> output)
    {
        foreach (var part in _parts)
        {
            var value = part.Field.GetValue(tuple);
            if (part.Nested is { } nested)
                nested.Write(value!, output);
            else
                part.Codec!.WriteObject(value, output);
        }
    }

    /// <summary>Reads the parts.</summary>
    /// <param name="tuple">A fresh boxed tuple, whose parts are set.</param>
    /// <param name="source">Begins with the bytes.</param>
    public int Read(object tuple, ReadOnlySpan<byte> source)
    {
        var bytesRead = 0;
        foreach (var part in _parts)
        {
            object? value;
            int length;
            if (part.Nested is { } nested)
            {
                value = part.Field.GetValue(tuple)!;
                length = nested.Read(value, source[bytesRead..]);
            }
            else
            {
                value = part.Codec!.ReadObject(source[bytesRead..], out length);
            }

            part.Field.SetValue(tuple, value);
            bytesRead += length;
        }

        return bytesRead;
    }

    private sealed record Part(FieldInfo Field, IKeyCodec? Codec, TupleParts? Nested);
}
