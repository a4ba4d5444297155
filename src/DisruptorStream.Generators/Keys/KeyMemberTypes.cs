using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Keys;

/// <summary>Tells which types of members have a codec, as KeyCodecs.Find does at run time.</summary>
internal static class KeyMemberTypes
{
    public const string Attribute = "DisruptorStream.Codecs.KeyCodecAttribute";

    private static readonly string[] BuiltIn =
    [
        "System.Int128", "System.UInt128", "System.Guid", "System.DateTimeOffset", "System.DateOnly",
        "System.TimeOnly", "System.TimeSpan",
    ];

    public static bool HasCodec(ITypeSymbol type)
    {
        if (IsBuiltIn(type) || type.TypeKind == TypeKind.Enum)
            return true;
        if (type is not INamedTypeSymbol named)
            return false;
        if (named.IsTupleType)
            return named.TupleElements.All(element => HasCodec(element.Type));
        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
            return HasNullableCodec(named.TypeArguments[0]);
        return IsMarked(named);
    }

    /// <summary>The marked types in the type of a member: itself, or those of the parts of a tuple.</summary>
    public static IEnumerable<INamedTypeSymbol> TypesIn(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
            return [];
        if (named.IsTupleType)
            return named.TupleElements.SelectMany(element => TypesIn(element.Type));
        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
            return TypesIn(named.TypeArguments[0]);
        return IsMarked(named) ? [named] : [];
    }

    // A tuple that may be null has none: nothing says how many parts to make for it.
    private static bool HasNullableCodec(ITypeSymbol type) => !type.IsTupleType && HasCodec(type);

    private static bool IsMarked(INamedTypeSymbol type) => type.GetAttributes().Any(
        attribute => string.Equals(attribute.AttributeClass?.ToDisplayString(), Attribute, StringComparison.Ordinal));

    private static bool IsBuiltIn(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char => true,
        SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 => true,
        SpecialType.System_UInt16 or SpecialType.System_Int32 or SpecialType.System_UInt32 => true,
        SpecialType.System_Int64 or SpecialType.System_UInt64 => true,
        SpecialType.System_IntPtr or SpecialType.System_UIntPtr => true,
        SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal => true,
        SpecialType.System_DateTime => true,
        _ => BuiltIn.Contains(type.ToDisplayString(), StringComparer.Ordinal),
    };
}
