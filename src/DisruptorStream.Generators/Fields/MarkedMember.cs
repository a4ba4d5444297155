using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Fields;

/// <summary>A member of an event that is marked as time, key or measure.</summary>
internal sealed class MarkedMember
{
    public MarkedMember(ISymbol at, ITypeSymbol type, string expression)
    {
        At = at;
        Type = type;
        Expression = expression;
    }

    /// <summary>The member, or a parameter that is none.</summary>
    public ISymbol At { get; }

    public ITypeSymbol Type { get; }

    /// <summary>Reads it of an event that is called 'one'.</summary>
    public string Expression { get; }

    /// <summary>Its mark as the time; null for none.</summary>
    public AttributeData? Time { get; set; }

    /// <summary>Its mark as a key; null for none.</summary>
    public AttributeData? Key { get; set; }

    /// <summary>Its mark as a measure; null for none.</summary>
    public AttributeData? Measure { get; set; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether reading it runs code of the user, which may throw.</summary>
    public bool RunsCode { get; set; }

    /// <summary>Whether reading it copies the event.</summary>
    public bool Copies { get; set; }

    public bool IsMarked => Time is not null || Key is not null || Measure is not null;
}
