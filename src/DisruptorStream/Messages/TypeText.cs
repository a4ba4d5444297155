using System.Text;

namespace DisruptorStream.Messages;

/// <summary>Writes the names of types as C# does, for messages: without namespaces, with type arguments.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value) + "?";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        var text = new StringBuilder();
        Append(text, type, type.GetGenericArguments());
        return text.ToString();
    }

    /// <summary>The arguments of a nested type begin with those of the types around it.</summary>
    private static void Append(StringBuilder text, Type type, ReadOnlySpan<Type> arguments)
    {
        var outer = 0;
        if (type is { IsNested: true, IsGenericParameter: false, DeclaringType: { } around })
        {
            outer = around.GetGenericArguments().Length;
            Append(text, around, arguments[..outer]);
            text.Append('.');
        }

        text.Append(Name(type.Name));
        for (var index = outer; index < arguments.Length; index++)
            text.Append(index == outer ? "<" : ", ").Append(Of(arguments[index]));
        if (arguments.Length > outer)
            text.Append('>');
    }

    /// <summary>Without the count of type arguments, and without the mark of a type that one file alone sees.</summary>
    private static string Name(string name)
    {
        var end = name.IndexOf('`', StringComparison.Ordinal);
        var mark = name.StartsWith('<') ? name.IndexOf("__", StringComparison.Ordinal) : -1;
        return name[(mark < 0 ? 0 : mark + 2)..(end < 0 ? name.Length : end)];
    }
}
