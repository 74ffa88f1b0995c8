-------------------------------- MODULE HTML --------------------------------
(***************************************************************************)
(* Pages in HTML, put together from strings.                               *)
(***************************************************************************)
LOCAL INSTANCE Sequences
LOCAL INSTANCE SequencesExt

(***************************************************************************)
(* A string in which, for each pair in args, the first occurrence of the   *)
(* pair's first component is replaced by its second one.                   *)
(***************************************************************************)
HTMLFill(string, args) ==
  FoldLeft(LAMBDA text, arg : ReplaceFirstSubSeq(arg[2], arg[1], text), string, args)

(***************************************************************************)
(* The parts with a separator between them; none after a beginning that is *)
(* empty.                                                                  *)
(***************************************************************************)
LOCAL Joined(parts, separator) ==
  FoldLeft(LAMBDA text, part : IF text = "" THEN part ELSE text \o separator \o part,
           "", parts)

LOCAL Lines(parts) == Joined(parts, "\n")
-----------------------------------------------------------------------------
(***************************************************************************)
(* Style sheets.                                                           *)
(***************************************************************************)
HTMLAttribute(name, value) == name \o ": " \o value \o ";"

HTMLClass(classname, attribute_list) ==
  Lines(<<classname \o " {", Lines(attribute_list), "}">>)

HTMLDefaultStyle ==
  Lines(<<HTMLClass(".default_grid", <<HTMLAttribute("display", "grid")>>),
          HTMLClass(".default_box", <<HTMLAttribute("border", "1px solid black")>>),
          HTMLClass(".default_circle", <<HTMLAttribute("border-radius", "50%")>>)>>)

HTMLStyleSheet(class_list) ==
  Lines(<<"<style type=\"text/css\">", HTMLDefaultStyle, Lines(class_list), "</style>">>)

HTMLSize(width, height) ==
  Joined(<<HTMLAttribute("width", width), HTMLAttribute("height", height)>>, " ")

HTMLFlexCenterAttributes ==
  Lines(<<HTMLAttribute("display", "flex"),
          HTMLAttribute("align-items", "center"),
          HTMLAttribute("justify-content", "center")>>)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The page and its head.                                                  *)
(***************************************************************************)
HTMLDocument(header, body, list_of_scripts) ==
  Lines(<<"<!DOCTYPE html>", "<html>", header, body, Lines(list_of_scripts), "</html>">>)

HTMLHeader(title, list_of_links, class_list) ==
  Lines(<<"<head>",
          "<meta charset=\"UTF-8\">",
          "<title>" \o title \o "</title>",
          Lines(list_of_links),
          HTMLStyleSheet(class_list),
          "</head>">>)

HTMLBody(body) == Lines(<<"<body>", body, "</body>">>)

HTMLScriptFile(name) == "<script src=\"" \o name \o "\"></script>"
HTMLScript(children) == Lines(<<"<script>", Lines(children), "</script>">>)
HTMLLink(name, type) == "<link href=\"" \o name \o "\" rel=\"" \o type \o "\"/>"
-----------------------------------------------------------------------------
(***************************************************************************)
(* What stands on the page.  Classes come as a sequence of their names.    *)
(***************************************************************************)
HTMLFrame(id, children) ==
  Lines(<<"<div id=\"" \o id \o "\">", Lines(children), "</div>">>)

HTMLGridContainer(id, class_list, children) ==
  Lines(<<"<div id=\"" \o id \o "\" class=\"default_grid "
            \o Joined(class_list, " ") \o "\">",
          Lines(children),
          "</div>">>)

HTMLBox(id, class_list, size, children) ==
  Lines(<<"<div id=\"" \o id \o "\" class=\"default_box "
            \o Joined(class_list, " ") \o "\" style=\"" \o size \o "\">",
          Lines(children),
          "</div>">>)

HTMLCircle(id, class_list, size, children) ==
  HTMLBox(id, <<"default_circle">> \o class_list, size, children)

HTMLText(id, text) == Lines(<<"<span id=\"" \o id \o "\">", text, "</span>">>)

HTMLSVG(id, viewBox, size, svgString) ==
  Lines(<<"<svg id=\"" \o id \o "\" viewBox=\"" \o viewBox
            \o "\" style=\"" \o size \o "\">",
          svgString,
          "</svg>">>)

HTMLNewLine == "<br>"
-----------------------------------------------------------------------------
(***************************************************************************)
(* Scripts: lines drawn between two elements, and keys that lead to other  *)
(* pages.                                                                  *)
(***************************************************************************)
HTMLJSLineElems(fromID, destID) ==
  "document.getElementById(\"" \o fromID \o "\"), document.getElementById(\""
    \o destID \o "\")"

HTMLJSLine(fromID, destID, color, size) ==
  "new LeaderLine(" \o HTMLJSLineElems(fromID, destID)
    \o ", {color: '" \o color \o "', size: " \o size \o "})"

HTMLJSLineDash(fromID, destID, color, size) ==
  "new LeaderLine(" \o HTMLJSLineElems(fromID, destID)
    \o ",  {color: '" \o color \o "', size: " \o size \o ", dash: true})"

HTMLJSKeyListener(events) ==
  Lines(<<"window.onkeyup = function(event) {",
          "let key = event.key.toUpperCase();",
          Lines(events),
          "}">>)

HTMLJSNavigationKey(key, file) ==
  Lines(<<"if(key == '" \o key \o "'){",
          "window.location.replace(\"" \o file \o "\");",
          "}">>)
=============================================================================
