using System;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Fields;

/// <summary>How times, measures and keys are read of members, by their types.</summary>
internal static class FieldForms
{
    /// <summary>The name of a type with its namespace, and the marks of nullable references inside it.</summary>
    public static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const string EventTime = "global::DisruptorStream.Events.EventTime";

    // In the order of the enum, so that its number is the place.
    private static readonly string[] Units =
    [
        "Ticks", "FromUnixNanoseconds", "FromUnixMicroseconds", "FromUnixMilliseconds", "FromUnixSeconds",
        "DateTimeTicks",
    ];

    /// <summary>What reads the time in ticks; null where the type is unsuitable, and then what to do.</summary>
    public static (string? Expression, string Advice) TimeOf(MarkedMember one, AttributeData mark)
    {
        var unit = mark.ConstructorArguments.Length == 0 ? null : mark.ConstructorArguments[0].Value as int?;
        if (one.Type.SpecialType == SpecialType.System_DateTime || IsDateTimeOffset(one.Type))
        {
            return unit is null
                ? ($"{EventTime}.From({one.Expression})", "")
                : (null, "a date counts no unit; write [EventTime] without one");
        }

        if (one.Type.SpecialType is not (SpecialType.System_Int64 or SpecialType.System_Int32
            or SpecialType.System_UInt32))
        {
            return (null, "use DateTimeOffset, DateTime, or a long, int or uint with its unit");
        }

        if (unit is not { } place || place < 0 || place >= Units.Length)
            return (null, "say what the number counts, such as [EventTime(EventTimeUnit.Milliseconds)]");
        return (Units[place] switch
        {
            "Ticks" => one.Expression,
            "DateTimeTicks" => $"{EventTime}.From({one.Expression}, "
                + "global::DisruptorStream.Events.EventTimeUnit.DateTimeTicks)",
            var from => $"{EventTime}.{from}({one.Expression})",
        }, "");
    }

    /// <summary>What reads the 64 bits of a measure, and the name of its kind; null where the type is none.</summary>
    public static (string? Expression, string Kind, string Advice) MeasureOf(MarkedMember one)
    {
        switch (one.Type.SpecialType)
        {
            case SpecialType.System_Double or SpecialType.System_Single:
                return ($"global::System.BitConverter.DoubleToInt64Bits({one.Expression})", "Double", "");
            case SpecialType.System_Int64 or SpecialType.System_Int32 or SpecialType.System_Int16
                or SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_UInt16
                or SpecialType.System_UInt32:
                return (one.Expression, "Int64", "");
            case SpecialType.System_String:
                return (null, "Int64", "a text needs a table of its symbols; declare it with Symbol of the builder");
            case SpecialType.System_Decimal:
                return (null, "Int64", "add a property that gives a double, or a long in the smallest unit");
            default:
                return (null, "Int64", "use double, float, long, int, uint, short, ushort, byte or sbyte, or add a "
                    + "property of such a type");
        }
    }

    /// <summary>Why a type is no type of keys, and what to do; null where it is one.</summary>
    public static string? WhyNoKey(ITypeSymbol type) => type switch
    {
        { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } =>
            "a key that is a value cannot be null; add a property that gives events without a key a key of their own",
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Dynamic } or { IsRefLikeType: true } =>
            "use a type that equals by value, such as a string, an integer, an enum or a record",
        _ => null,
    };

    private static bool IsDateTimeOffset(ITypeSymbol type) =>
        string.Equals(type.ToDisplayString(), "System.DateTimeOffset", StringComparison.Ordinal);
}
