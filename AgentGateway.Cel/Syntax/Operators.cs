namespace AgentGateway.Cel.Syntax;

/// <summary>Names of the operators in <see cref="CallExpr.Function"/>; none of them can be written as a call.</summary>
internal static class Operators
{
    public const string Conditional = "_?_:_";
    public const string And = "_&&_";
    public const string Or = "_||_";
    public const string Not = "!_";
    public const string Negate = "-_";
    public const string Equal = "_==_";
    public const string NotEqual = "_!=_";
    public const string Less = "_<_";
    public const string LessEqual = "_<=_";
    public const string Greater = "_>_";
    public const string GreaterEqual = "_>=_";
    public const string In = "@in";
    public const string Add = "_+_";
    public const string Subtract = "_-_";
    public const string Multiply = "_*_";
    public const string Divide = "_/_";
    public const string Modulo = "_%_";
    public const string Index = "_[_]";
    public const string OptionalIndex = "_[?_]";

    /// <summary>Binding strength, 1 for <c>||</c> to 6 for products; 0 for what is no binary operator.</summary>
    public static int Precedence(string function) => function switch
    {
        Or => 2,
        And => 3,
        Equal or NotEqual or Less or LessEqual or Greater or GreaterEqual or In => 4,
        Add or Subtract => 5,
        Multiply or Divide or Modulo => 6,
        _ => 0,
    };

    /// <summary>The operator as written between its operands.</summary>
    public static string Symbol(string function) => function == In ? "in" : function.Trim('_');
}
